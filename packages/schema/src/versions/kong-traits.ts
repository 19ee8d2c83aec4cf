import { SchemaError } from '../errors/schema-error.js'

/** What Kong's schema code does differently from version to version. */
export interface KongTraits {
  /** Attribute `description`; limits of `between` may be fractions; `run_with_*` of custom checks. */
  readonly v34: boolean
  /** Type `json` and its `json_schema`. */
  readonly json: boolean
  readonly examples: boolean
  readonly deprecation: boolean
  /** Attribute `transient`, and `replaced_with` of a deprecation. */
  readonly transient: boolean
  /** `config` itself may be of type json; an entity check that names an unknown field no longer raises when the field is sent. */
  readonly v39: boolean
  /** Attributes `legacy` and `shorthands`. */
  readonly legacy: boolean
  /** Top-level field `instance_name`. */
  readonly instanceName: boolean
  /** Top-level field `updated_at`; a field of that name is never validated. */
  readonly updatedAt: boolean
  /** Values of maps are processed, references collected under `$refs`, and unresolvable ones become "". */
  readonly refs: boolean
  /** Significant digits of the numbers that cjson prints. */
  readonly numberDigits: 14 | 16
  /** A DB-less Kong reads an entity once without defaults before it reads it with them. */
  readonly readsWithoutDefaults: boolean
  /** A DB-less Kong drops every null before it stores an entity. */
  readonly dropsNulls: boolean
}

/**
 * The differences that matter for a Kong version such as `3.4`, `3.9.1` or `2.8.0`.
 *
 * @throws SchemaError when the text is not a version of Kong 2.8 or newer.
 */
export const kongTraits = (version: string): KongTraits => {
  const found = /^(\d{1,3})\.(\d{1,3})(?:\.\d+)*(?:-[\w.]+)?$/.exec(version)
  const number = found === null ? 0 : Number(found[1]) * 1000 + Number(found[2])
  if (number < 2008) {
    throw new SchemaError('ERR_KONG_VERSION', `"${version}" is no version of Kong 2.8 or newer. Write it as 3.9 or 3.9.1.`)
  }
  const since = (minor: number): boolean => number >= 3000 + minor
  return {
    v34: since(4),
    json: since(5),
    examples: since(6),
    deprecation: since(7),
    transient: since(8),
    v39: since(9),
    legacy: !since(0),
    instanceName: since(2),
    updatedAt: since(3),
    refs: since(0),
    numberDigits: since(6) ? 16 : 14,
    readsWithoutDefaults: !since(6) || since(9),
    dropsNulls: !since(6),
  }
}

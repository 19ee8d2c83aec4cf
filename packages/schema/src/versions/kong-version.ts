import { SchemaError } from '../language/schema-error.js'

/** The newest version of Kong that kong-ts knows. */
export const NEWEST_KONG_VERSION = '3.10'

/**
 * Whether a version of Kong came after another. Numbers are compared as numbers: 3.10 came after 3.9. What a version leaves open counts as 0.
 *
 * @param version such as `3.4` or `3.9.1`.
 */
export function isNewerKong(version: string, other: string): boolean {
  const [a, b] = [numbersOf(version), numbersOf(other)]
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return false
}

function numbersOf(version: string): readonly number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number)
}

/**
 * @throws SchemaError (`ERR_KONG_VERSION`) when the text is not a version of Kong 2.8 or newer, such as `3.4`, `3.9.1` or `2.8.0`.
 */
function assertKongVersion(version: string): void {
  if (!/^\d{1,3}\.\d{1,3}(?:\.\d+)*(?:-[\w.]+)?$/.test(version) || isNewerKong('2.8', version)) {
    throw new SchemaError('ERR_KONG_VERSION', `"${version}" is not a version of Kong 2.8 or newer. Write it as 3.9 or 3.9.1.`)
  }
}

/** What Kong's schema code has, and does, in one version. */
export interface KongFeatures {
  /** Attribute `description` of a field. Since 3.4. */
  readonly description: boolean
  /** Limits of `between` may be fractions. Since 3.4. */
  readonly fractionalBetween: boolean
  /** `run_with_missing_fields` and `run_with_invalid_fields` of custom checks. Since 3.4. */
  readonly runWithFlags: boolean
  /** A transformation may leave `input` out. Since 3.4. */
  readonly optionalTransformationInput: boolean
  /** Type `json` and its `json_schema`. Since 3.5. */
  readonly json: boolean
  /** `config` itself may be of type json. Since 3.9. */
  readonly jsonConfig: boolean
  /** Attribute `examples`. Since 3.6. */
  readonly examples: boolean
  /** Attribute `deprecation`. Since 3.7. */
  readonly deprecation: boolean
  /** Attribute `transient`, and `replaced_with` of a deprecation. Since 3.8. */
  readonly transient: boolean
  /** `translate_backwards` of a shorthand. Only in 3.8. */
  readonly translateBackwards: boolean
  /** An entity check may name a field that does not exist; before, Kong raised when such a field was sent. Since 3.9. */
  readonly checksUnknownFields: boolean
  /** Attributes `legacy` and `shorthands`. Before 3.0. */
  readonly legacy: boolean
  /** Top-level field `instance_name`. Since 3.2. */
  readonly instanceName: boolean
  /** Top-level field `updated_at`; a field of that name is never validated. Since 3.3. */
  readonly updatedAt: boolean
  /** Values of maps are processed, references collected under `$refs`, and unresolvable ones become "". Since 3.0. */
  readonly refs: boolean
  /** Regular expressions are compiled by PCRE2 (10.42 to 10.44). Since 3.7 for sure; Kong 3.5 and older have PCRE 8.45. */
  readonly pcre2: boolean
  /** Significant digits of the numbers that cjson prints. 16 since 3.6. */
  readonly numberDigits: 14 | 16
  /** A DB-less Kong reads an entity once without defaults before it reads it with them. Not from 3.6 to 3.8. */
  readonly readsWithoutDefaults: boolean
  /** A DB-less Kong drops every null before it stores an entity. Before 3.6. */
  readonly dropsNulls: boolean
}

/**
 * The features of a Kong version such as `3.4`, `3.9.1` or `2.8.0`.
 *
 * @throws SchemaError (`ERR_KONG_VERSION`) when the text is not a version of Kong 2.8 or newer.
 */
export function kongFeatures(version: string): KongFeatures {
  const earlier = featuresByVersion.get(version)
  if (earlier !== undefined) return earlier
  assertKongVersion(version)
  const features = featuresOf(version)
  featuresByVersion.set(version, features)
  return features
}

/** One object for each version, so that what is made for it can be kept beside it. */
const featuresByVersion = new Map<string, KongFeatures>()

function featuresOf(version: string): KongFeatures {
  const has = (since: string): boolean => !isNewerKong(since, version)
  return {
    description: has('3.4'),
    fractionalBetween: has('3.4'),
    runWithFlags: has('3.4'),
    optionalTransformationInput: has('3.4'),
    json: has('3.5'),
    jsonConfig: has('3.9'),
    examples: has('3.6'),
    deprecation: has('3.7'),
    transient: has('3.8'),
    translateBackwards: has('3.8') && !has('3.9'),
    checksUnknownFields: has('3.9'),
    legacy: !has('3.0'),
    instanceName: has('3.2'),
    updatedAt: has('3.3'),
    refs: has('3.0'),
    pcre2: has('3.7'),
    numberDigits: has('3.6') ? 16 : 14,
    readsWithoutDefaults: !has('3.6') || has('3.9'),
    dropsNulls: !has('3.6'),
  }
}

import { LuaRaise } from '../schema-values/lua-raise.js'
import { elementsOf, getKey, isRecord, isTruthy, type LuaRecord, type LuaTable, type LuaValue } from '../schema-values/lua-value.js'
import { addEntityError, setErrorAt, type ErrorTable } from './error-table.js'
import { entityCheckers, type CheckScope } from './entity-checkers.js'
import { entityCheckTexts, texts } from './error-texts.js'
import { fieldAt, setValueAt, valueAt } from './field-path.js'
import type { EntityCheck, Field, RecordSchema } from './schema-model.js'
import { isVaultReference } from './vault-reference.js'

/** Where the names in a check are looked up, and how a value is validated against a match. */
export interface CheckContext extends Pick<RecordSchema, 'traits' | 'overlay'> {
  readonly byName: RecordSchema['byName']
  readonly validateField: CheckScope['validateField']
}

/** Runs a record's entity checks over a complete (`full`) or partial value; errors go into the table. */
export const runEntityChecks = (
  schema: Pick<RecordSchema, 'entityChecks' | 'brokenChecks'>,
  context: CheckContext,
  input: LuaTable,
  full: boolean,
  errors: ErrorTable,
): void => {
  if (schema.brokenChecks !== undefined) throw new LuaRaise(schema.brokenChecks)
  for (const check of schema.entityChecks) runEntityCheck(check, context, input, full, errors)
}

const runEntityCheck = (check: EntityCheck, context: CheckContext, input: LuaTable, full: boolean, errors: ErrorTable): void => {
  const checker = entityCheckers[check.name]
  if (checker === undefined) return
  const { names, required } = namesOf(check, checker.nameSources, checker.requiredSource)
  const runsWithMissing = checker.runsWithMissing || flag(check.argument, 'run_with_missing_fields')
  const missing: string[] = []
  const projection: LuaRecord = {}
  let allNil = true
  let allValid = true
  for (const name of names) {
    const value = valueAt(input, name)
    if (value === undefined) {
      if (!runsWithMissing && required.has(name)) {
        const field = fieldAt(context.byName, name) ?? raiseUnknownField()
        if (!field.isNilable) missing.push(name)
      }
    } else {
      allNil = false
      if (isReferenceIn(fieldAt(context.byName, name), value, context)) return
    }
    const known = errors.get(name)
    if (known !== undefined) allValid = false
    setValueAt(projection, name, value)
  }
  if (!allValid && !checker.runsWithInvalid && !flag(check.argument, 'run_with_invalid_fields')) return
  if (allNil && !(checker.runsWithMissing && full)) return
  if (missing.length > 0) {
    for (const name of missing) setErrorAt(errors, name, texts.requiredForCheck)
    return
  }
  const found = checker.run({
    input: projection,
    argument: check.argument,
    errors,
    fieldAt: (name) => fieldAt(context.byName, name),
    overlay: context.overlay,
    validateField: context.validateField,
  })
  if (found === undefined) return
  addEntityError(errors, found.text ?? entityCheckTexts[check.name]?.(found.named) ?? found.named)
}

const raiseUnknownField = (): never => {
  throw new LuaRaise('attempt to index a nil value')
}

const flag = (table: LuaTable, name: string): boolean => isTruthy(getKey(table, name))

const isReferenceIn = (field: Field | undefined, value: LuaValue, { traits }: CheckContext): boolean => {
  if (field === undefined) {
    if (!traits.v39) throw new LuaRaise("attempt to index local 'field' (a nil value)")
    return false
  }
  return field.type === 'string' && field.isReferenceable && isVaultReference(value)
}

/** The fields that a check names, in order, and those of them that must be there. */
const namesOf = (
  { argument }: EntityCheck,
  sources: readonly string[] | undefined,
  requiredSource: string | undefined,
): { names: string[]; required: ReadonlySet<string> } => {
  if (sources === undefined) {
    const names = strings(elementsOf(argument))
    return { names, required: new Set(names) }
  }
  const names: string[] = []
  const required = new Set<string>()
  for (const source of isRecord(argument) ? sources : []) {
    const named = getKey(argument, source)
    const found = typeof named === 'string' ? [named] : typeof named === 'object' && named !== null ? strings(elementsOf(named)) : []
    names.push(...found)
    if (source === requiredSource) for (const name of found) required.add(name)
  }
  return { names, required }
}

const strings = (list: readonly (LuaValue | undefined)[]): string[] => list.filter((item) => typeof item === 'string')

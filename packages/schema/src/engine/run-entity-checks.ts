import { LuaError } from '../lua/lua-error.js'
import { elementsOf, isTruthy, LuaTable, type LuaValue } from '../lua/lua-table.js'
import { isVaultReference } from '../lua/vault-reference.js'
import { entityCheckers, type CheckScope } from './entity-checkers.js'
import { fieldAt, setValueAt, valueAt } from './field-path.js'
import { addEntityError, entityCheckTexts, setErrorAt, texts, type ErrorTable } from './kong-errors.js'
import type { EntityCheck, Field, RecordSchema } from './schema-model.js'

/** Where the names in a check are looked up, and how a value is held against a match. */
export interface CheckContext extends Pick<RecordSchema, 'features' | 'overlay' | 'byName'> {
  readonly match: CheckScope['match']
}

/** Runs a record's entity checks over a complete (`full`) or partial value; errors go into the table. */
export function runEntityChecks(
  schema: Pick<RecordSchema, 'entityChecks' | 'brokenChecks'>,
  context: CheckContext,
  input: LuaTable,
  full: boolean,
  errors: ErrorTable,
): void {
  if (schema.brokenChecks !== undefined) throw new LuaError(schema.brokenChecks)
  for (const check of schema.entityChecks) runEntityCheck(check, context, input, full, errors)
}

function runEntityCheck(check: EntityCheck, context: CheckContext, input: LuaTable, full: boolean, errors: ErrorTable): void {
  const checker = entityCheckers[check.name]
  if (checker === undefined) return
  const { names, required } = namesOf(check, checker.nameSources, checker.requiredSource)
  const runsWithMissing = checker.runsWithMissing || isTruthy(check.argument.get('run_with_missing_fields'))
  const missing: string[] = []
  const projection = new LuaTable()
  let allNil = true
  let allValid = true
  for (const name of names) {
    const value = valueAt(input, name)
    if (value === undefined) {
      if (!runsWithMissing && required.has(name)) {
        const field = fieldAt(context.byName, name)
        if (field === undefined) throw new LuaError('attempt to index a nil value')
        if (!field.isNilable) missing.push(name)
      }
    } else {
      allNil = false
      if (isReferenceIn(fieldAt(context.byName, name), value, context)) return
    }
    if (errors.has(name)) allValid = false
    setValueAt(projection, name, value)
  }
  if (!allValid && !checker.runsWithInvalid && !isTruthy(check.argument.get('run_with_invalid_fields'))) return
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
    match: context.match,
  })
  if (found === undefined) return
  addEntityError(errors, found.text ?? entityCheckTexts[check.name]?.(found.named) ?? found.named)
}

function isReferenceIn(field: Field | undefined, value: LuaValue, { features }: CheckContext): boolean {
  if (field === undefined) {
    if (!features.checksUnknownFields) throw new LuaError("attempt to index local 'field' (a nil value)")
    return false
  }
  return field.type === 'string' && field.isReferenceable && isVaultReference(value)
}

/** The fields that a check names, in order, and those of them that must be there. */
function namesOf(
  { argument }: EntityCheck,
  sources: readonly string[] | undefined,
  requiredSource: string | undefined,
): { names: string[]; required: ReadonlySet<string> } {
  if (sources === undefined) {
    const names = strings(argument.elements)
    return { names, required: new Set(names) }
  }
  const names: string[] = []
  const required = new Set<string>()
  for (const source of sources) {
    const named = argument.get(source)
    const found = typeof named === 'string' ? [named] : strings(elementsOf(named))
    names.push(...found)
    if (source === requiredSource) for (const name of found) required.add(name)
  }
  return { names, required }
}

function strings(list: readonly LuaValue[]): string[] {
  return list.filter((item) => typeof item === 'string')
}

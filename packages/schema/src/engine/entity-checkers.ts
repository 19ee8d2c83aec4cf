import { LuaError, raise } from '../lua/lua-error.js'
import { elementsOf, isTable, luaType, type LuaTable, type LuaValue } from '../lua/lua-table.js'
import { luaToString, formatWithOneArgument } from '../lua/lua-text.js'
import { valueAt } from './field-path.js'
import { quotedList, setErrorAt, texts, type Doubt, type ErrorNode, type ErrorTable, type Failure } from './kong-errors.js'
import type { Field, Overlay } from './schema-model.js'

/** What a checker sees: only the fields that the check names. */
export interface CheckScope {
  readonly input: LuaTable
  readonly argument: LuaTable
  readonly errors: ErrorTable
  readonly fieldAt: (path: LuaValue) => Field | undefined
  readonly overlay: Overlay
  readonly match: (field: Field, value: LuaValue) => Failure | Doubt | undefined
}

/** A failed check: the fields to put into the usual text, and the schema's own text if it has one. */
interface CheckFailure {
  readonly named: string
  readonly text?: string
}

interface EntityChecker {
  /** Runs although fields are missing. */
  readonly runsWithMissing: boolean
  /** Runs although fields have errors of their own. */
  readonly runsWithInvalid: boolean
  /** Members of the argument that name fields; without them the argument is the list of names. */
  readonly nameSources?: readonly string[]
  /** The member whose fields must be there. */
  readonly requiredSource?: string
  readonly run: (scope: CheckScope) => CheckFailure | undefined
}

/** Kong's entity checks by name. A check whose `if_match` is doubtful passes. */
export const entityCheckers: Readonly<Record<string, EntityChecker | undefined>> = {
  at_least_one_of: {
    runsWithMissing: true,
    runsWithInvalid: true,
    run: (scope) => (setNames(scope).length > 0 ? undefined : allNamed(scope)),
  },
  conditional_at_least_one_of: {
    runsWithMissing: true,
    runsWithInvalid: true,
    nameSources: ['if_field', 'then_at_least_one_of', 'else_then_at_least_one_of'],
    run: conditionalAtLeastOneOf,
  },
  only_one_of: {
    runsWithMissing: false,
    runsWithInvalid: true,
    run: (scope) => (setNames(scope).length === 1 ? undefined : allNamed(scope)),
  },
  distinct: { runsWithMissing: false, runsWithInvalid: true, run: distinct },
  conditional: {
    runsWithMissing: false,
    runsWithInvalid: true,
    nameSources: ['if_field', 'then_field'],
    requiredSource: 'if_field',
    run: conditional,
  },
  custom_entity_check: {
    runsWithMissing: false,
    runsWithInvalid: false,
    nameSources: ['field_sources'],
    requiredSource: 'field_sources',
    run: ({ argument }) => raise(`attempt to call field 'fn' (a ${luaType(argument.get('fn'))} value)`),
  },
  mutually_required: {
    runsWithMissing: true,
    runsWithInvalid: false,
    run: (scope) => {
      const count = setNames(scope).length
      return count === 0 || count === scope.argument.elements.length ? undefined : allNamed(scope)
    },
  },
  mutually_exclusive: {
    runsWithMissing: true,
    runsWithInvalid: false,
    run: (scope) => (setNames(scope).length <= 1 ? undefined : allNamed(scope)),
  },
  mutually_exclusive_sets: {
    runsWithMissing: true,
    runsWithInvalid: false,
    nameSources: ['set1', 'set2'],
    run: exclusiveSets,
  },
}

function conditionalAtLeastOneOf(scope: CheckScope): CheckFailure | undefined {
  const { argument } = scope
  const ifField = argument.get('if_field')
  const ifValue = valueAt(scope.input, ifField)
  if (ifValue === undefined) return undefined
  const failure = scope.match(matchField(scope, 'if_match', ifField), ifValue)
  if (failure === undefined) return oneOfThese(scope, 'then_at_least_one_of', 'then_err')
  if ('doubt' in failure || argument.get('else_match') === undefined) return undefined
  if (scope.match(matchField(scope, 'else_match', ifField), ifValue) !== undefined) return undefined
  return oneOfThese(scope, 'else_then_at_least_one_of', 'else_then_err')
}

function conditional(scope: CheckScope): CheckFailure | undefined {
  const { argument } = scope
  const ifField = argument.get('if_field')
  const thenField = argument.get('then_field')
  const ifValue = valueAt(scope.input, ifField)
  const thenValue = valueAt(scope.input, thenField) ?? null
  if (scope.match(matchField(scope, 'if_match', ifField), ifValue) !== undefined) return undefined
  const named = luaToString(ifField)
  const path = luaToString(thenField)
  const thenMatch = argument.get('then_match')
  if (!isTable(thenMatch)) throw new LuaError(`attempt to index field 'then_match' (a ${luaType(thenMatch)} value)`)
  if (thenMatch.get('required') === true && thenValue === null) {
    setErrorAt(scope.errors, path, texts.required)
    return { named }
  }
  const failure = scope.match(matchField(scope, 'then_match', thenField), thenValue)
  if (failure === undefined || 'doubt' in failure) return undefined
  setOrClear(scope.errors, path, failure.error)
  return withText(scope, 'then_err', named)
}

/** A failure without a text removes the error that stood there, because Kong assigns nil. */
function setOrClear(errors: ErrorTable, path: string, error: ErrorNode | undefined): void {
  if (error === undefined) errors.delete(path)
  else setErrorAt(errors, path, error)
}

function distinct(scope: CheckScope): CheckFailure | undefined {
  const values = scope.argument.elements.map((name) => valueAt(scope.input, name)).filter(isNonEmpty)
  return new Set(values).size === values.length ? undefined : allNamed(scope)
}

function exclusiveSets(scope: CheckScope): CheckFailure | undefined {
  const [first, second] = ['set1', 'set2'].map((name) => listMember(scope, name, `field '${name}'`).filter((field) => isSet(scope, field)))
  if (first === undefined || second === undefined || first.length === 0 || second.length === 0) return undefined
  return { named: `(${quotedList(first)}), (${quotedList(second)})` }
}

function oneOfThese(scope: CheckScope, listName: string, textName: string): CheckFailure | undefined {
  const names = listMember(scope, listName, "local 'names'")
  return names.some((name) => isSet(scope, name)) ? undefined : withText(scope, textName, quotedList(names))
}

/** A match object laid over the field that it is about. */
function matchField(scope: CheckScope, name: string, path: LuaValue): Field {
  const attributes = scope.argument.get(name)
  const field = scope.fieldAt(path)
  if (!isTable(attributes)) throw new LuaError(`bad argument #1 to 'setmetatable' (table expected, got ${luaType(attributes)})`)
  const entity = typeof path === 'string' && !path.includes('.') ? field?.entity : undefined
  return scope.overlay(field, attributes, entity)
}

function withText({ argument }: CheckScope, name: string, list: string): CheckFailure {
  const template = argument.get(name)
  if (template === undefined) return { named: list }
  if (typeof template !== 'string') throw new LuaError(`attempt to index field '${name}' (a ${luaType(template)} value)`)
  return { named: list, text: formatWithOneArgument(template, list) }
}

function listMember({ argument }: CheckScope, name: string, spelling: string): readonly LuaValue[] {
  const list = argument.get(name)
  return isTable(list) ? elementsOf(list) : raise(`attempt to get length of ${spelling} (a ${luaType(list)} value)`)
}

function allNamed({ argument }: CheckScope): CheckFailure {
  return { named: quotedList(argument.elements) }
}

function setNames(scope: CheckScope): readonly LuaValue[] {
  return scope.argument.elements.filter((name) => isSet(scope, name))
}

function isSet(scope: CheckScope, name: LuaValue): boolean {
  return isNonEmpty(valueAt(scope.input, name))
}

/** Kong's idea of non-empty: false and 0 are non-empty; null, "" and the empty table are not. */
function isNonEmpty(value: LuaValue): boolean {
  return value !== undefined && value !== null && value !== '' && !(isTable(value) && value.size === 0)
}

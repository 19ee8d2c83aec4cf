import { LuaRaise, raise } from '../schema-values/lua-raise.js'
import { formatWithOneArgument, luaTypeName, quotedList } from '../schema-values/lua-text.js'
import {
  elementsOf,
  getKey,
  isNonEmpty,
  isRecord,
  isTable,
  type LuaArray,
  type LuaRecord,
  type LuaTable,
  type LuaValue,
} from '../schema-values/lua-value.js'
import { setErrorAt, type ErrorNode, type ErrorTable, type Failure } from './error-table.js'
import { texts } from './error-texts.js'
import { valueAt } from './field-path.js'
import type { Field, Overlay } from './schema-model.js'

/** What a checker sees: only the fields it names. */
export interface CheckScope {
  readonly input: LuaRecord
  readonly argument: LuaTable
  readonly errors: ErrorTable
  readonly fieldAt: (path: LuaValue | undefined) => Field | undefined
  readonly overlay: Overlay
  readonly validateField: (field: Field, value: LuaValue | undefined) => Failure | undefined
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

const isSet = (scope: CheckScope, name: LuaValue | undefined): boolean => isNonEmpty(valueAt(scope.input, name))

const setNames = (scope: CheckScope): LuaArray => elementsOf(scope.argument).filter((name) => isSet(scope, name))

const named = (scope: CheckScope): CheckFailure => ({ named: quotedList(elementsOf(scope.argument)) })

const member = (scope: CheckScope, name: string): LuaValue | undefined => getKey(scope.argument, name)

const listMember = (scope: CheckScope, name: string, spelling: string): LuaArray => {
  const list = member(scope, name)
  return isTable(list) ? elementsOf(list) : raise(`attempt to get length of ${spelling} (a ${luaTypeName(list)} value)`)
}

/** A match object laid over the field it is about. */
const match = (scope: CheckScope, name: string, path: LuaValue | undefined): Field => {
  const attributes = member(scope, name)
  const field = scope.fieldAt(path)
  if (!isTable(attributes)) throw new LuaRaise(`bad argument #1 to 'setmetatable' (table expected, got ${luaTypeName(attributes)})`)
  const entity = typeof path === 'string' && !path.includes('.') ? field?.entity : undefined
  return scope.overlay(field, isRecord(attributes) ? attributes : {}, entity)
}

const withText = (scope: CheckScope, name: string, list: string): CheckFailure => {
  const template = member(scope, name)
  if (template === undefined) return { named: list }
  if (typeof template !== 'string') throw new LuaRaise(`attempt to index field '${name}' (a ${luaTypeName(template)} value)`)
  return { named: list, text: formatWithOneArgument(template, list) }
}

const oneOfThese = (scope: CheckScope, listName: string, textName: string): CheckFailure | undefined => {
  const names = listMember(scope, listName, "local 'names'")
  return names.some((name) => isSet(scope, name)) ? undefined : withText(scope, textName, quotedList(names))
}

const conditional = (scope: CheckScope): CheckFailure | undefined => {
  const ifField = member(scope, 'if_field')
  const thenField = member(scope, 'then_field')
  const ifValue = valueAt(scope.input, ifField)
  const thenValue = valueAt(scope.input, thenField) ?? null
  if (scope.validateField(match(scope, 'if_match', ifField), ifValue) !== undefined) return undefined
  const named = String(ifField)
  const path = String(thenField)
  const thenMatch = member(scope, 'then_match')
  if (!isTable(thenMatch)) throw new LuaRaise(`attempt to index field 'then_match' (a ${luaTypeName(thenMatch)} value)`)
  if (getKey(thenMatch, 'required') === true && thenValue === null) {
    setErrorAt(scope.errors, path, texts.required)
    return { named }
  }
  const failure = scope.validateField(match(scope, 'then_match', thenField), thenValue)
  if (failure === undefined) return undefined
  setOrClear(scope.errors, path, failure.error)
  return withText(scope, 'then_err', named)
}

/** A failure without a text removes what stood there, since nil is assigned. */
const setOrClear = (errors: ErrorTable, path: string, error: ErrorNode | undefined): void => {
  if (error === undefined) errors.delete(path)
  else setErrorAt(errors, path, error)
}

const conditionalAtLeastOneOf = (scope: CheckScope): CheckFailure | undefined => {
  const ifField = member(scope, 'if_field')
  const ifValue = valueAt(scope.input, ifField)
  if (ifValue === undefined) return undefined
  if (scope.validateField(match(scope, 'if_match', ifField), ifValue) === undefined) {
    return oneOfThese(scope, 'then_at_least_one_of', 'then_err')
  }
  if (member(scope, 'else_match') === undefined) return undefined
  if (scope.validateField(match(scope, 'else_match', ifField), ifValue) !== undefined) return undefined
  return oneOfThese(scope, 'else_then_at_least_one_of', 'else_then_err')
}

const exclusiveSets = (scope: CheckScope): CheckFailure | undefined => {
  const first = listMember(scope, 'set1', "field 'set1'").filter((name) => isSet(scope, name))
  const second = listMember(scope, 'set2', "field 'set2'").filter((name) => isSet(scope, name))
  return first.length > 0 && second.length > 0 ? { named: `(${quotedList(first)}), (${quotedList(second)})` } : undefined
}

const distinct = (scope: CheckScope): CheckFailure | undefined => {
  const values = elementsOf(scope.argument)
    .map((name) => valueAt(scope.input, name))
    .filter(isNonEmpty)
  return new Set(values).size === values.length ? undefined : named(scope)
}

/** Kong's entity checks by name. */
export const entityCheckers: Readonly<Record<string, EntityChecker | undefined>> = {
  at_least_one_of: {
    runsWithMissing: true,
    runsWithInvalid: true,
    run: (scope) => (setNames(scope).length > 0 ? undefined : named(scope)),
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
    run: (scope) => (setNames(scope).length === 1 ? undefined : named(scope)),
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
    run: (scope) => raise(`attempt to call field 'fn' (a ${luaTypeName(member(scope, 'fn'))} value)`),
  },
  mutually_required: {
    runsWithMissing: true,
    runsWithInvalid: false,
    run: (scope) => {
      const count = setNames(scope).length
      return count === 0 || count === elementsOf(scope.argument).length ? undefined : named(scope)
    },
  },
  mutually_exclusive: {
    runsWithMissing: true,
    runsWithInvalid: false,
    run: (scope) => (setNames(scope).length <= 1 ? undefined : named(scope)),
  },
  mutually_exclusive_sets: {
    runsWithMissing: true,
    runsWithInvalid: false,
    nameSources: ['set1', 'set2'],
    run: exclusiveSets,
  },
}

import { createLuaPattern } from '../lua-pattern/lua-pattern.js'
import { LuaRaise, raise } from '../schema-values/lua-raise.js'
import { byteLength, luaToString, luaTypeName, quotedList } from '../schema-values/lua-text.js'
import { elementsOf, getKey, isTable, tableEntries, type LuaArray, type LuaValue } from '../schema-values/lua-value.js'
import { isPcrePattern } from '../regex/pcre-pattern.js'
import { betweenText, eqText, invalidText, lengthText, neText, texts } from './error-texts.js'
import type { Failure } from './error-table.js'
import type { CustomRule, Rule } from './schema-model.js'

/** What a rule may look at besides its own argument. */
interface RuleContext {
  readonly type: LuaValue | undefined
  readonly custom: ReadonlyMap<string, CustomRule>
}

type RuleMaker = (argument: LuaValue, context: RuleContext) => Rule

const failure = (error: string | null): Failure => ({ error })

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

const listArgument = (argument: LuaValue, local: string): LuaArray =>
  isTable(argument) ? elementsOf(argument) : raise(`attempt to get length of local '${local}' (a ${luaTypeName(argument)} value)`)

/** `a < b` as Lua decides it, which raises on mixed types. */
const isLess = (a: LuaValue, b: LuaValue): boolean => {
  if (typeof a === 'number' && typeof b === 'number') return a < b
  if (typeof a === 'string' && typeof b === 'string') return a < b
  const [left, right] = [luaTypeName(a), luaTypeName(b)]
  return raise(left === right ? `attempt to compare two ${left} values` : `attempt to compare ${left} with ${right}`)
}

const concatList = (list: LuaArray): string => {
  const wrong = list.findIndex((item) => typeof item !== 'string' && typeof item !== 'number')
  if (wrong >= 0) throw new LuaRaise(`invalid value (${luaTypeName(list[wrong])}) at index ${wrong + 1} in table for 'concat'`)
  return list.map((item) => luaToString(item)).join(', ')
}

/** The list part of a value whose length Lua asks for. A string has a length, but no elements. */
const sequenceOf = (value: LuaValue): LuaArray => (typeof value === 'string' ? [] : listArgument(value, 'value'))

const lengthOf = (value: LuaValue, type: LuaValue | undefined): number => {
  if (typeof value === 'string') return byteLength(value)
  const length = sequenceOf(value).length
  return type === 'map' && isTable(value) ? length + tableEntries(value).length : length
}

const lengthRule =
  (name: 'len_eq' | 'len_min' | 'len_max'): RuleMaker =>
  (wanted, { type }) =>
  (value) => {
    const length = lengthOf(value, type)
    const isMet = name === 'len_eq' ? length === wanted : name === 'len_min' ? !isLess(length, wanted) : !isLess(wanted, length)
    return isMet ? undefined : failure(lengthText(name, wanted))
  }

/** `value:match(pattern)`: only strings have the method, and a bad pattern raises when a value gets that far. */
const patternTest = (pattern: LuaValue | undefined): ((value: LuaValue) => boolean) => {
  const matches = typeof pattern === 'string' || typeof pattern === 'number' ? createLuaPattern(luaToString(pattern)) : undefined
  return (value) => {
    if (typeof value !== 'string') {
      throw new LuaRaise(
        isTable(value) ? "attempt to call method 'match' (a nil value)" : `attempt to index local 'value' (a ${luaTypeName(value)} value)`,
      )
    }
    if (matches === undefined) throw new LuaRaise(`bad argument #1 to 'match' (string expected, got ${luaTypeName(pattern)})`)
    return matches(value)
  }
}

const matchListRule =
  (wanted: boolean): RuleMaker =>
  (argument) => {
    if (!isTable(argument)) return () => raise(`attempt to get length of local 'list' (a ${luaTypeName(argument)} value)`)
    const items = elementsOf(argument).map((item) => {
      if (!isTable(item)) return undefined
      return { test: patternTest(getKey(item, 'pattern')), err: getKey(item, 'err') }
    })
    return (value) => {
      for (const item of items) {
        if (item === undefined) throw new LuaRaise("attempt to index a nil value (field '?')")
        if (item.test(value) !== wanted) return failure(errText(item.err, value))
      }
      return undefined
    }
  }

const errText = (err: LuaValue | undefined, value: LuaValue): string | null =>
  err === undefined ? invalidText(value) : err === null ? null : luaToString(err)

const matchAnyRule: RuleMaker = (argument) => {
  if (!isTable(argument)) return () => raise(`attempt to index local 'arg' (a ${luaTypeName(argument)} value)`)
  const patterns = getKey(argument, 'patterns')
  if (!isTable(patterns)) return () => raise(`attempt to get length of local 'patterns' (a ${luaTypeName(patterns)} value)`)
  const tests = elementsOf(patterns).map(patternTest)
  const err = getKey(argument, 'err')
  return (value) => (tests.some((test) => test(value)) ? undefined : failure(errText(err, value)))
}

const startsWithRule: RuleMaker = (expected) => (value) => {
  if (typeof expected !== 'string') throw new LuaRaise(`attempt to get length of local 'expected' (a ${luaTypeName(expected)} value)`)
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new LuaRaise(`bad argument #1 to 'sub' (string expected, got ${luaTypeName(value)})`)
  }
  return luaToString(value).startsWith(expected) ? undefined : failure(`should start with: ${expected}`)
}

const exclusiveSubsetsRule: RuleMaker = (argument) => (value) => {
  const subsets = listArgument(argument, 'subsets').map((subset) => (isTable(subset) ? elementsOf(subset) : []))
  const owners = new Map<LuaValue | undefined, LuaArray>()
  for (const subset of subsets) for (const element of subset) owners.set(element, subset)
  const found = new Set<LuaArray>()
  for (const element of sequenceOf(value)) {
    const owner = owners.get(element)
    if (owner !== undefined) found.add(owner)
  }
  return found.size <= 1 ? undefined : failure(`these sets are mutually exclusive: ${quotedList([...found])}`)
}

/** Kong's validators in the order in which it runs them. */
const rules: readonly (readonly [name: string, make: RuleMaker])[] = [
  ['eq', (wanted) => (value) => (value === wanted ? undefined : failure(eqText(wanted)))],
  ['ne', (unwanted) => (value) => (value !== unwanted ? undefined : failure(neText(value)))],
  [
    'not_one_of',
    (argument) => (value) => {
      const list = listArgument(argument, 'options')
      return list.includes(value) ? failure(`must not be one of: ${concatList(list)}`) : undefined
    },
  ],
  [
    'one_of',
    (argument) => (value) => {
      const list = listArgument(argument, 'options')
      return list.includes(value) ? undefined : failure(`expected one of: ${concatList(list)}`)
    },
  ],
  ['gt', (limit) => (value) => (isLess(limit, value) ? undefined : failure(`value must be greater than ${luaToString(limit)}`))],
  ['timestamp', () => (value) => (isLess(0, value) ? undefined : failure(texts.timestamp))],
  ['uuid', () => (value) => (lengthOf(value, 'string') === 36 && isUuid(luaToString(value)) ? undefined : failure(texts.uuid))],
  ['is_regex', () => (value) => (isPcrePattern(luaToString(value)) ? undefined : failure(`not a valid regex: ${luaToString(value)}`))],
  [
    'between',
    (limits) => (value) => {
      if (!isTable(limits)) throw new LuaRaise(`attempt to index local 'limits' (a ${luaTypeName(limits)} value)`)
      const [low = null, high = null] = elementsOf(limits)
      return isLess(value, low) || isLess(high, value) ? failure(betweenText(low, high)) : undefined
    },
  ],
  ['len_eq', lengthRule('len_eq')],
  ['len_min', lengthRule('len_min')],
  ['len_max', lengthRule('len_max')],
  ['starts_with', startsWithRule],
  [
    'not_match',
    (pattern) => {
      const test = patternTest(pattern)
      return (value) => (test(value) ? failure(invalidText(value)) : undefined)
    },
  ],
  ['match_none', matchListRule(false)],
  [
    'match',
    (pattern) => {
      const test = patternTest(pattern)
      return (value) => (test(value) ? undefined : failure(invalidText(value)))
    },
  ],
  ['match_all', matchListRule(true)],
  ['match_any', matchAnyRule],
  [
    'contains',
    (wanted) => (value) => (sequenceOf(value).includes(wanted) ? undefined : failure(`expected to contain: ${luaToString(wanted)}`)),
  ],
  [
    'custom_validator',
    (name, { custom }) => {
      const check = typeof name === 'string' ? custom.get(name) : undefined
      if (check === undefined) return () => raise(`attempt to call local 'fn' (a ${luaTypeName(name)} value)`)
      return (value) => {
        const text = check(value)
        return text === undefined ? undefined : failure(text)
      }
    },
  ],
  ['mutually_exclusive_subsets', exclusiveSubsetsRule],
]

/** The rules that a field's attributes ask for, in Kong's order. A string without `len_min` gets one of 1. */
export const compileRules = (
  attribute: (name: string) => LuaValue | undefined,
  type: LuaValue | undefined,
  custom: ReadonlyMap<string, CustomRule>,
): Rule[] => {
  const context: RuleContext = { type, custom }
  const compiled: Rule[] = []
  for (const [name, make] of rules) {
    const given = attribute(name)
    const argument = given === undefined && name === 'len_min' && type === 'string' ? 1 : given
    if (argument !== undefined) compiled.push(make(argument, context))
  }
  return compiled
}

import { LuaError, raise } from '../lua/lua-error.js'
import { createLuaPattern } from '../lua/lua-pattern.js'
import { elementsOf, isTable, luaType, type LuaValue } from '../lua/lua-table.js'
import { luaToString } from '../lua/lua-text.js'
import { judgePcrePattern } from '../pcre/pcre-pattern.js'
import { betweenText, eqText, invalidText, lengthText, neText, quotedList, texts, type Failure } from './kong-errors.js'
import type { CustomRule, Rule } from './schema-model.js'
import type { KongFeatures } from '../versions/kong-version.js'

/** What a rule may look at besides its own argument. */
export interface RuleContext {
  readonly type: LuaValue
  readonly features: KongFeatures
  readonly custom: ReadonlyMap<string, CustomRule>
}

type RuleMaker = (argument: LuaValue, context: RuleContext) => Rule

/** Kong's validators in the order in which it runs them. */
const rules: readonly (readonly [name: string, make: RuleMaker])[] = [
  ['eq', (wanted) => (value) => failUnless(value === wanted, () => eqText(wanted))],
  ['ne', (unwanted) => (value) => failUnless(value !== unwanted, () => neText(value))],
  [
    'not_one_of',
    (options) => (value) => {
      const list = listArgument(options, 'options')
      return failUnless(!list.includes(value), () => `must not be one of: ${concatList(list)}`)
    },
  ],
  [
    'one_of',
    (options) => (value) => {
      const list = listArgument(options, 'options')
      return failUnless(list.includes(value), () => `expected one of: ${concatList(list)}`)
    },
  ],
  ['gt', (limit) => (value) => failUnless(isLess(limit, value), () => `value must be greater than ${luaToString(limit)}`)],
  ['timestamp', () => (value) => failUnless(isLess(0, value), () => texts.timestamp)],
  ['uuid', () => (value) => failUnless(lengthOf(value, 'string') === 36 && isUuid(luaToString(value)), () => texts.uuid)],
  [
    'is_regex',
    (_, { features }) =>
      (value) =>
        regexVerdict(luaToString(value), features),
  ],
  ['between', betweenRule],
  [
    'len_eq',
    (wanted, { type }) =>
      (value) =>
        failUnless(lengthOf(value, type) === wanted, () => lengthText('len_eq', wanted)),
  ],
  [
    'len_min',
    (least, { type }) =>
      (value) =>
        failUnless(!isLess(lengthOf(value, type), least), () => lengthText('len_min', least)),
  ],
  [
    'len_max',
    (most, { type }) =>
      (value) =>
        failUnless(!isLess(most, lengthOf(value, type)), () => lengthText('len_max', most)),
  ],
  ['starts_with', startsWithRule],
  [
    'not_match',
    (pattern) => {
      const test = patternTest(pattern)
      return (value) => failUnless(!test(value), () => invalidText(value))
    },
  ],
  ['match_none', (list) => matchListRule(list, false)],
  [
    'match',
    (pattern) => {
      const test = patternTest(pattern)
      return (value) => failUnless(test(value), () => invalidText(value))
    },
  ],
  ['match_all', (list) => matchListRule(list, true)],
  ['match_any', matchAnyRule],
  ['contains', (wanted) => (value) => failUnless(sequenceOf(value).includes(wanted), () => `expected to contain: ${luaToString(wanted)}`)],
  ['custom_validator', customRule],
  ['mutually_exclusive_subsets', exclusiveSubsetsRule],
]

/** The rules that a field's attributes ask for, in Kong's order. A string without `len_min` gets one of 1. */
export function compileRules(attribute: (name: string) => LuaValue, context: RuleContext): Rule[] {
  const compiled: Rule[] = []
  for (const [name, make] of rules) {
    const given = attribute(name)
    const argument = given === undefined && name === 'len_min' && context.type === 'string' ? 1 : given
    if (argument !== undefined) compiled.push(make(argument, context))
  }
  return compiled
}

function failUnless(isMet: boolean, text: () => string): Failure | undefined {
  return isMet ? undefined : { error: text() }
}

function regexVerdict(pattern: string, features: KongFeatures): ReturnType<Rule> {
  const verdict = judgePcrePattern(pattern, features.pcre2)
  if (verdict === 'unknown') return { doubt: `whether Kong's PCRE takes the regular expression ${pattern}` }
  return failUnless(verdict === 'valid', () => `not a valid regex: ${pattern}`)
}

function betweenRule(limits: LuaValue): Rule {
  return (value) => {
    if (!isTable(limits)) throw new LuaError(`attempt to index local 'limits' (a ${luaType(limits)} value)`)
    const [low = null, high = null] = limits.elements
    return failUnless(!isLess(value, low) && !isLess(high, value), () => betweenText(low, high))
  }
}

function startsWithRule(expected: LuaValue): Rule {
  return (value) => {
    if (typeof expected !== 'string') throw new LuaError(`attempt to get length of local 'expected' (a ${luaType(expected)} value)`)
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new LuaError(`bad argument #1 to 'sub' (string expected, got ${luaType(value)})`)
    }
    return failUnless(luaToString(value).startsWith(expected), () => `should start with: ${expected}`)
  }
}

/** `value:match(pattern)`: only strings have the method, and a bad pattern raises when a value gets as far as its fault. */
function patternTest(pattern: LuaValue): (value: LuaValue) => boolean {
  const matches = typeof pattern === 'string' || typeof pattern === 'number' ? createLuaPattern(luaToString(pattern)) : undefined
  return (value) => {
    if (typeof value !== 'string') {
      throw new LuaError(
        isTable(value) ? "attempt to call method 'match' (a nil value)" : `attempt to index local 'value' (a ${luaType(value)} value)`,
      )
    }
    if (matches === undefined) throw new LuaError(`bad argument #1 to 'match' (string expected, got ${luaType(pattern)})`)
    return matches(value)
  }
}

function matchListRule(list: LuaValue, wanted: boolean): Rule {
  if (!isTable(list)) return () => raise(`attempt to get length of local 'list' (a ${luaType(list)} value)`)
  const items = list.elements.map((item) => (isTable(item) ? { test: patternTest(item.get('pattern')), err: item.get('err') } : undefined))
  return (value) => {
    for (const item of items) {
      if (item === undefined) throw new LuaError("attempt to index a nil value (field '?')")
      if (item.test(value) !== wanted) return { error: errText(item.err, value) }
    }
    return undefined
  }
}

function matchAnyRule(argument: LuaValue): Rule {
  if (!isTable(argument)) return () => raise(`attempt to index local 'arg' (a ${luaType(argument)} value)`)
  const patterns = argument.get('patterns')
  if (!isTable(patterns)) return () => raise(`attempt to get length of local 'patterns' (a ${luaType(patterns)} value)`)
  const tests = patterns.elements.map(patternTest)
  const err = argument.get('err')
  return (value) => (tests.some((test) => test(value)) ? undefined : { error: errText(err, value) })
}

function errText(err: LuaValue, value: LuaValue): string | null {
  return err === undefined ? invalidText(value) : err === null ? null : luaToString(err)
}

function customRule(name: LuaValue, { custom }: RuleContext): Rule {
  const check = typeof name === 'string' ? custom.get(name) : undefined
  if (check === undefined) return () => raise(`attempt to call local 'fn' (a ${luaType(name)} value)`)
  return (value) => {
    const found = check(value)
    return typeof found === 'string' ? { error: found } : found
  }
}

function exclusiveSubsetsRule(argument: LuaValue): Rule {
  return (value) => {
    const subsets = listArgument(argument, 'subsets').map(elementsOf)
    const owners = new Map<LuaValue, readonly LuaValue[]>()
    for (const subset of subsets) for (const element of subset) owners.set(element, subset)
    const found = new Set<readonly LuaValue[]>()
    for (const element of sequenceOf(value)) {
      const owner = owners.get(element)
      if (owner !== undefined) found.add(owner)
    }
    return failUnless(
      found.size <= 1,
      () => `these sets are mutually exclusive: ${[...found].map((subset) => `(${quotedList(subset)})`).join(', ')}`,
    )
  }
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}

/** `a < b` as Lua decides it, which raises on mixed types. */
function isLess(a: LuaValue, b: LuaValue): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b
  if (typeof a === 'string' && typeof b === 'string') return a < b
  const [left, right] = [luaType(a), luaType(b)]
  return raise(left === right ? `attempt to compare two ${left} values` : `attempt to compare ${left} with ${right}`)
}

function listArgument(argument: LuaValue, local: string): readonly LuaValue[] {
  return isTable(argument) ? argument.elements : raise(`attempt to get length of local '${local}' (a ${luaType(argument)} value)`)
}

/** The list part of a value whose length Lua asks for. A string has a length, but no elements. */
function sequenceOf(value: LuaValue): readonly LuaValue[] {
  return typeof value === 'string' ? [] : listArgument(value, 'value')
}

function lengthOf(value: LuaValue, type: LuaValue): number {
  if (typeof value === 'string') return value.length
  const { length } = sequenceOf(value)
  return type === 'map' && isTable(value) ? length + value.size : length
}

/** Lua's `table.concat(list, ', ')`. */
function concatList(list: readonly LuaValue[]): string {
  const wrong = list.findIndex((item) => typeof item !== 'string' && typeof item !== 'number')
  if (wrong >= 0) throw new LuaError(`invalid value (${luaType(list[wrong])}) at index ${wrong + 1} in table for 'concat'`)
  return list.map((item) => luaToString(item)).join(', ')
}

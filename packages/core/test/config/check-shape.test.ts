import { describe, expect, it } from 'vitest'
import { ConfigError } from '@kong-ts/core'
import { bindWith, problemsOf } from './bind-with.js'
import { Guard, Limits } from './guard.js'

const bind = bindWith(Guard)

describe('a configuration of the wrong shape', () => {
  it('is refused with every problem at once, under the path that a user knows', async () => {
    const config = {
      name: 5,
      rules: [{ path: '/' }, 'deny', { path: false }],
      tags: ['a', 5],
      weights: { 1: 'x', two: 2, '2.5': 1 },
      labels: { a: 'long', c: 5 },
      limits: { per_second: 1.5 },
      per_route: { home: { per_second: 'fast' }, away: [1] },
      ratio: 'half',
      enabled: 'yes',
      owner: 'bob',
    }
    expect(await problemsOf(bind(config))).toEqual([
      'config.name: must be a string (got 5)',
      'config.rules[1]: must be an object (got a secret string)',
      'config.rules[2].path: must be a string (got false)',
      'config.tags[1]: must be a string (got 5)',
      'config.weights["1"]: must be a number (got "x")',
      'config.weights key "two": must be an integer',
      'config.weights key "2.5": must be an integer',
      'config.labels["c"]: must be a string (got 5)',
      'config.limits.per_second: must be an integer (got 1.5)',
      'config.per_route["home"].per_second: must be an integer (got "fast")',
      'config.per_route["away"]: must be an object (got [1])',
      'config.ratio: must be a number (got "half")',
      'config.enabled: must be a boolean (got "yes")',
      'config.owner: must be an object with the id of an entity (got "bob")',
    ])
    await expect(bind({ name: 5 })).rejects.toThrow(
      /^configuration of plugin guard refused: config\.name: must be a string \(got 5\)\. Correct these fields in the configuration$/,
    )
  })

  it.each([
    ['a list', { rules: 'x' }, 'config.rules: must be an array (got a secret string)'],
    ['a list', { tags: { 0: 'a' } }, 'config.tags: must be an array (got {"0":"a"})'],
    ['a map', { labels: ['a'] }, 'config.labels: must be an object (got ["a"])'],
    ['a record', { limits: [1] }, 'config.limits: must be an object (got [1])'],
    ['an empty text', { name: {} }, 'config.name: must be a string (got {})'],
  ])('is not mistaken for %s', async (_what, config, problem) => {
    expect(await problemsOf(bind(config))).toEqual([problem])
  })

  it('never shows a secret, wherever it stands', async () => {
    const problems = await problemsOf(
      bind({ pin: 4711, secrets: [4711, ['hunter2']], keys: { a: { hunter2: 1 } }, rules: [{ token: 4711 }, ['hunter2']] }),
    )
    expect(problems).toEqual([
      'config.rules[0].token: must be a string (got a secret number)',
      'config.rules[1]: must be an object (got a secret list)',
      'config.pin: must be a string (got a secret number)',
      'config.secrets[0]: must be a string (got a secret number)',
      'config.secrets[1]: must be a string (got a secret list)',
      'config.keys["a"]: must be a string (got a secret object)',
    ])
  })

  it('is shown in short', async () => {
    const [problem] = await problemsOf(bind({ name: ['x'.repeat(1000)] }))
    expect(problem).toMatch(/^config\.name: must be a string \(got \["x{55}…\)$/)
    expect(await problemsOf(bind({ tags: Array.from({ length: 1000 }, () => 1) }))).toHaveLength(100)
  })

  it('or not JSON, or not an object, is refused too', async () => {
    expect(await problemsOf(bind('{'))).toEqual(['config: is not JSON'])
    expect(await problemsOf(bind('[1]'))).toEqual(['config: must be an object'])
    expect(await problemsOf(bind('null'))).toEqual(['config: must be an object'])
  })
})

describe('what Kong takes, the server takes', () => {
  it('values that break rules of Kong', async () => {
    const config = { rules: [{ path: '', action: 'drop', token: 'x' }], limits: { per_second: 10 }, labels: { a: 'x' }, pin: 'none' }
    expect(await bind(config)).toMatchObject({ rules: [{ action: 'drop' }], limits: { perSecond: 10 }, labels: { a: 'x' }, pin: 'none' })
  })

  it.each(['\\p{Runic}+', '\\p{Script=Greek}', '\\p{Cased}', '(?*a)b', '(*UTF)\\x{1F600}'])(
    'the regular expression %s',
    async (pattern) => {
      expect((await bind({ pattern })).pattern).toBe(pattern)
    },
  )

  it('an empty Lua table for a list, a map or a record, as cjson writes it', async () => {
    const guard = await bind({ name: 'n', rules: {}, tags: {}, weights: [], labels: [], limits: [], per_route: { a: [] } })
    expect(guard).toMatchObject({ rules: [], tags: new Set(), weights: new Map(), labels: {}, limits: new Limits() })
    expect(guard.perRoute['a']).toEqual(new Limits())
  })

  it('null and nothing for a field that is not set', async () => {
    expect(await bind({})).toMatchObject({ rules: [], tags: new Set(['a']), limits: new Limits() })
    expect(await bind({ name: null, rules: null, tags: null, limits: null, ratio: null })).toMatchObject({ rules: [], ratio: 0.5 })
  })

  it("Kong's own keys, and keys of a newer schema", async () => {
    const own = { __seq__: 1, __plugin_id: 'p', __key__: 'k', __ws_id: 'w', route_id: 'r', plugin_instance_name: 'i', $refs: {} }
    expect(await bind({ ...own, unknown: [1], limits: { per_second: 2, burst: 3 } })).toMatchObject({ limits: { perSecond: 2 } })
    expect(await bind('{"name":"n","__proto__":{"pin":5}}')).not.toHaveProperty('pin')
  })

  it('numbers as keys, which JSON has as text', async () => {
    expect((await bind({ weights: { 1: 2, '-3': 0.5, 1e21: 1 } })).weights).toEqual(
      new Map([
        [1, 2],
        [-3, 0.5],
        [1e21, 1],
      ]),
    )
  })

  it('anything in a json field', async () => {
    expect((await bind({ extra: [null, { a: 1 }] })).extra).toEqual([null, { a: 1 }])
  })
})

describe('references', () => {
  it('do not hold the secret behind them against rules', async () => {
    const guard = await bind({
      rules: [{ path: '/', token: 'abc', $refs: { token: '{vault://env/token}' } }],
      secrets: ['xy', 'plain'],
      $refs: { secrets: ['{vault://env/one}'] },
    })
    expect(guard.rules[0]?.token).toBe('abc')
    expect(guard.secrets).toEqual(['xy', 'plain'])
  })

  it('that Kong could not resolve arrive as "", and are refused with path and reference until they can be read', async () => {
    const config = {
      rules: [{ path: '/', token: '', $refs: { token: '{vault://env/token}' } }],
      secrets: ['a', ''],
      keys: { a: '', b: '' },
      pin: '',
      $refs: { secrets: [null, '{vault://env/two}'], keys: { b: '{vault://env/b}' } },
    }
    expect(await problemsOf(bind(config))).toEqual([
      'config.rules[0].token: refers to a secret that Kong could not read: {vault://env/token}',
      'config.secrets[1]: refers to a secret that Kong could not read: {vault://env/two}',
      'config.keys["b"]: refers to a secret that Kong could not read: {vault://env/b}',
    ])
    await expect(bind(config)).rejects.toThrow(ConfigError)
  })
})

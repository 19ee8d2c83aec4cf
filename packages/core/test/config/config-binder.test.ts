import { ArrayUnique, IsDivisibleBy, IsUrl, Length, Matches } from 'class-validator'
import { Transform } from 'class-transformer'
import { describe, expect, it } from 'vitest'
import { Access, ConfigError, Field, Plugin, type InstanceMetadata } from '@kong-ts/core'
import {
  buildPluginDefinition,
  createConfigBinder,
  createPluginContainer,
  startPluginInstance,
  type Constructor,
} from '@kong-ts/core/server'
import { describeLateRules } from '@kong-ts/core/tooling'

class Rule {
  @Field() path!: string
  @Field({ oneOf: ['allow', 'deny'] }) action = 'deny'
  @Field({ referenceable: true, lenMin: 4, required: false }) token?: string
}

class Limits {
  @Field({ type: 'integer', between: [1, 9] }) perSecond = 5
}

@Plugin('1.0.0', 1, { entityChecks: [{ atLeastOneOf: ['name', 'nickname'] }] })
class Guard {
  @Field({ required: false }) name?: string
  @Field({ required: false }) nickname?: string
  @Field({ elements: Rule }) rules: Rule[] = []
  @Field({ elements: String }) tags = new Set<string>(['a'])
  @Field({ keys: 'integer', values: Number }) weights = new Map<number, number>()
  @Field({ values: { type: 'string', lenMin: 2 } }) labels: Record<string, string> = {}
  @Field() limits = new Limits()
  @Field({ values: Limits }) perRoute: Record<string, Limits> = {}
  @Field({ encrypted: true, match: '^%d+$', required: false }) pin?: string
  @Field({ elements: { type: 'string', referenceable: true, lenMin: 3 } }) secrets: string[] = []
  @Field({ default: 7, required: false, type: 'integer' }) switchable?: number
  @Field({ type: 'string', required: false })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? new URL(value) : value))
  home?: URL
  @Access() access() {}
}

function bindWith<T extends object>(target: Constructor<T>): (config: object | string) => Promise<T> {
  const binder = createConfigBinder(buildPluginDefinition(target))
  return async (config) => {
    const instance = new target()
    await binder.bind(binder.read(typeof config === 'string' ? config : JSON.stringify(config)), instance)
    return instance
  }
}

const bind = bindWith(Guard)

async function problemsOf(config: object | string, binding: (config: object | string) => Promise<object> = bind): Promise<string[]> {
  try {
    await binding(config)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ path, text }) => `${path}: ${text}`)
    throw error
  }
  return []
}

describe('binding a configuration', () => {
  it('gives properties the classes they are declared with', async () => {
    const guard = await bind({
      name: 'n',
      rules: [{ path: '/a', action: 'allow' }, { path: '/b' }],
      tags: ['x', 'y', 'x'],
      weights: { 1: 2, '-3': 0.5 },
      labels: { __proto__: 'x', constructor: 'yz' },
      limits: { per_second: 2 },
      per_route: { home: { per_second: 3 } },
      home: 'http://example.com/',
    })
    expect(guard.rules).toEqual([Object.assign(new Rule(), { path: '/a', action: 'allow' }), Object.assign(new Rule(), { path: '/b' })])
    expect(guard.rules[0]).toBeInstanceOf(Rule)
    expect(guard.tags).toEqual(new Set(['x', 'y']))
    expect(guard.weights).toEqual(
      new Map([
        [1, 2],
        [-3, 0.5],
      ]),
    )
    expect(guard.limits).toBeInstanceOf(Limits)
    expect(guard.perRoute['home']).toBeInstanceOf(Limits)
    expect(guard.perRoute['home']?.perSecond).toBe(3)
    expect(guard.home).toBeInstanceOf(URL)
  })

  it('takes keys such as __proto__ for data', async () => {
    const guard = await bind('{"name":"n","labels":{"__proto__":"xy","constructor":"yz"}}')
    expect(Object.keys(guard.labels)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(guard.labels)).toBe(Object.prototype)
    expect(await problemsOf('{"name":"n","__proto__":{}}')).toEqual(['config.__proto__: is no field of this plugin'])
  })

  it('keeps initialisers where Kong sends nothing, which is how it sends null', async () => {
    const guard = await bind({ name: 'n' })
    expect(guard).toMatchObject({ rules: [], tags: new Set(['a']), limits: new Limits() })
  })

  it('leaves an optional field without initialiser undefined although it has a default: somebody switched it off', async () => {
    expect((await bind({ name: 'n' })).switchable).toBeUndefined()
    expect((await bind({ name: 'n', switchable: 7 })).switchable).toBe(7)
  })

  it('takes an empty Lua table for a list, a map or a record, as cjson writes it', async () => {
    const guard = await bind({ name: 'n', rules: {}, tags: {}, weights: [], labels: [], limits: [] })
    expect(guard).toMatchObject({ rules: [], tags: new Set(), weights: new Map(), labels: {}, limits: new Limits() })
  })

  it("hands out Kong's own keys as metadata", () => {
    const binder = createConfigBinder(buildPluginDefinition(Guard))
    const { metadata } = binder.read(
      JSON.stringify({
        name: 'n',
        __key__: 'k',
        __seq__: 3,
        __plugin_id: 'p',
        __ws_id: 'w',
        route_id: 'r',
        service_id: 's',
        consumer_id: 'c',
        plugin_instance_name: 'i',
        $refs: { pin: '{vault://env/x}' },
      }),
    )
    expect(metadata).toEqual({
      cacheKey: 'k',
      sequence: 3,
      pluginId: 'p',
      workspaceId: 'w',
      routeId: 'r',
      serviceId: 's',
      consumerId: 'c',
      instanceName: 'i',
      references: { pin: '{vault://env/x}' },
    })
  })
})

describe('starting an instance', () => {
  it("hands Kong's own keys to onStart, once the configuration is bound", async () => {
    @Plugin('1.0.0', 1)
    class Started {
      @Field() limit = 1
      seen: unknown
      onStart({ pluginId, routeId, consumerId }: InstanceMetadata): void {
        this.seen = { limit: this.limit, pluginId, routeId, consumerId }
      }
      @Access() access() {}
    }
    const { plugin } = await startPluginInstance(
      buildPluginDefinition(Started),
      '{"limit":2,"__plugin_id":"p","route_id":"r"}',
      createPluginContainer(),
    )
    expect(plugin).toMatchObject({ seen: { limit: 2, pluginId: 'p', routeId: 'r', consumerId: undefined } })
  })
})

describe('a configuration that breaks its rules', () => {
  it('is refused with every violation at once, under the path a user knows', async () => {
    const problems = await problemsOf({
      rules: [{ path: '/' }, {}, { path: '/', action: 'drop' }],
      tags: ['a', 'a', 5],
      weights: { 1: 'x', two: 2 },
      labels: { a: 'long', b: 'x', c: 5 },
      limits: { per_second: 10 },
      per_route: { home: { per_second: 0, typo: 1 } },
      unknown: 1,
    })
    expect(problems.toSorted()).toEqual([
      'config.labels["b"]: must have length 2 or more (got "x")',
      'config.labels["c"]: must be a string (got 5)',
      'config.limits.per_second: must be between 1 and 9 (got 10)',
      'config.per_route["home"].per_second: must be between 1 and 9 (got 0)',
      'config.per_route["home"].typo: is no field of this plugin',
      'config.rules[1].path: is required',
      'config.rules[2].action: must be one of allow, deny (got "drop")',
      'config.tags[2]: must be a string (got 5)',
      'config.unknown: is no field of this plugin',
      'config.weights key "two": must match the Lua pattern ^-?%d+$ (got "two")',
      'config.weights["1"]: must be a number (got "x")',
      "config: needs at least one of 'name', 'nickname'",
    ])
  })

  it('never shows a secret, wherever it stands', async () => {
    const problems = await problemsOf({
      name: 'n',
      pin: 'hunter2',
      secrets: ['a1', 'hunter2'],
      rules: [{ path: '/', token: 'no' }, 'hunter2'],
      limits: 'x',
    })
    expect(problems.join('\n')).not.toMatch(/hunter2|a1|"no"/)
    expect(problems).toEqual([
      'config.pin: must match the Lua pattern ^%d+$ (got a secret string)',
      'config.secrets[0]: must have length 3 or more (got a secret string)',
      'config.rules[0].token: must have length 4 or more (got a secret string)',
      'config.rules[1]: must be an object (got a secret string)',
      'config.limits: must be an object (got "x")',
    ])
  })

  it('that is no JSON, or no object, is refused too', async () => {
    expect(await problemsOf('{')).toEqual(['config: is no JSON'])
    expect(await problemsOf('[1]')).toEqual(['config: must be an object'])
    expect(await problemsOf('null')).toEqual(['config: must be an object'])
  })
})

describe('references', () => {
  it('are held against the rules as Kong does: the secret behind them is not', async () => {
    const guard = await bind({
      name: 'n',
      rules: [{ path: '/', token: 'abc', $refs: { token: '{vault://env/token}' } }],
      secrets: ['xy', 'plain'],
      $refs: { secrets: ['{vault://env/one}'] },
    })
    expect(guard.rules[0]?.token).toBe('abc')
    expect(guard.secrets).toEqual(['xy', 'plain'])
  })

  it('that Kong could not resolve arrive as "", and are refused until they can be read', async () => {
    expect(await problemsOf({ name: 'n', rules: [{ path: '/', token: '', $refs: { token: '{vault://env/token}' } }] })).toEqual([
      'config.rules[0].token: refers to a secret that Kong could not read',
    ])
  })
})

describe('rules that Kong cannot check', () => {
  class Part {
    @Field() @IsUrl() url!: string
  }
  @Plugin('1.0.0', 1)
  class Late {
    @Field() @IsDivisibleBy(3) count = 3
    @Field({ elements: String }) @ArrayUnique() @Length(2, 3, { each: true }) names = new Set<string>()
    @Field({ elements: Part }) parts: Part[] = []
    @Field() @Matches(/^a.c$/) text = 'abc'
    @Access() access() {}
  }

  it('are listed', () => {
    expect(describeLateRules(buildPluginDefinition(Late))).toEqual([
      { path: 'config.count', rules: ['isDivisibleBy'] },
      { path: 'config.names', rules: ['isLength'] },
      { path: 'config.parts[].url', rules: ['isUrl'] },
      { path: 'config.text', rules: ['matches'] },
    ])
  })

  it('are checked when an instance starts, on sets as on arrays', async () => {
    const bindLate = bindWith(Late)
    await bindLate({ count: 6, names: ['ab', 'abc'], parts: [{ url: 'http://example.com' }] })
    const problems = await problemsOf({ count: 7, names: ['ab', 'abcd'], parts: [{ url: 'http://example.com' }, { url: 'x' }] }, bindLate)
    expect(problems.map((problem) => problem.replace(/: .*/, ''))).toEqual(['config.count', 'config.names', 'config.parts[1].url'])
  })
})

describe('binding', () => {
  @Plugin('1.0.0', 1)
  class Ten {
    @Field() one = 'a'
    @Field({ oneOf: ['a', 'b'] }) two = 'a'
    @Field({ between: [0, 10] }) three = 1
    @Field({ type: 'integer' }) four = 1
    @Field() five = true
    @Field({ elements: String }) six: string[] = []
    @Field({ elements: String }) seven = new Set<string>()
    @Field({ values: Number }) eight: Record<string, number> = {}
    @Field() nine = new Limits()
    @Field({ match: '^%a+$', lenMax: 10 }) ten = 'a'
    @Access() access() {}
  }

  it('does its part of the work once: the rest for ten fields is printed, and should stay below 100 µs', () => {
    const binder = createConfigBinder(buildPluginDefinition(Ten))
    const text = JSON.stringify({
      one: 'x',
      two: 'b',
      three: 2,
      four: 3,
      five: false,
      six: ['a', 'b'],
      seven: ['c'],
      eight: { a: 1 },
      nine: { per_second: 2 },
      ten: 'abc',
      __seq__: 1,
      __plugin_id: 'p',
    })
    const rounds = 2000
    const instance = new Ten()
    const run = (): number => {
      const start = process.cpuUsage()
      for (let round = 0; round < rounds; round++) void binder.bind(binder.read(text), instance)
      const { user, system } = process.cpuUsage(start)
      return (user + system) / rounds
    }
    run()
    const average = Math.min(run(), run(), run())
    console.log(`binding a configuration of 10 fields: ${average.toFixed(1)} µs of CPU time`)
    expect(instance.nine.perSecond).toBe(2)
  })
})

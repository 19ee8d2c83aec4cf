import { ArrayUnique, IsDivisibleBy, IsUrl, Length, Matches } from 'class-validator'
import { describe, expect, it } from 'vitest'
import { Access, Field, Plugin, Transform, type InstanceMetadata } from '@kong-ts/core'
import { buildPluginDefinition, createConfigBinder, createPluginContainer, startPluginInstance } from '@kong-ts/core/server'
import { describeLateRules } from '@kong-ts/core/tooling'
import { bindWith, problemsOf } from './bind-with.js'
import { Guard, Limits, Rule } from './guard.js'

const bind = bindWith(Guard)

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
  })

  it('keeps initialisers where Kong sends nothing, which is how it sends null', async () => {
    const guard = await bind({ name: 'n' })
    expect(guard).toMatchObject({ rules: [], tags: new Set(['a']), limits: new Limits() })
  })

  it('leaves an optional field without initialiser undefined although it has a default: somebody switched it off', async () => {
    expect((await bind({ name: 'n' })).switchable).toBeUndefined()
    expect((await bind({ name: 'n', switchable: 7 })).switchable).toBe(7)
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

describe('@Transform', () => {
  class Base {
    @Field()
    @Transform(({ value }: { value: number }) => value * 10)
    amount = 1
  }
  @Plugin('1.0.0', 1)
  class Scaled extends Base {
    @Field()
    @Transform(({ value }: { value: string }) => `${value}c`)
    @Transform(({ value }: { value: string }) => `${value}b`)
    @Transform(({ value }: { value: string }) => `${value}p`, { toPlainOnly: true })
    text = 'a'
    @Field({ type: 'set', elements: String })
    @Transform(({ value, key, obj }) => ({ value: value as unknown, key, obj: obj as unknown }))
    seen: unknown = new Set<string>()
    @Access() access() {}
  }

  it('runs as in class-transformer: in the order written, those of base classes too, with value, key and source', async () => {
    const config = { amount: 2, text: 'x', seen: ['y'] }
    expect(await bindWith(Scaled)(config)).toEqual({
      amount: 20,
      text: 'xcb',
      seen: { value: new Set(['y']), key: 'seen', obj: config },
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
    const problems = await problemsOf(bindLate({ count: 7, names: ['ab', 'abcd'], parts: [{ url: 'http://example.com' }, { url: 'x' }] }))
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

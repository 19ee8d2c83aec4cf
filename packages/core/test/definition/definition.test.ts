import { describe, expect, it } from 'vitest'
import { Access, Field, Log, Plugin, PluginDefinitionError } from '@kong-ts/core'
import { buildPluginDefinition } from '@kong-ts/core/server'
import { generateSchema } from '@kong-ts/core/tooling'
import { IsOptional } from 'class-validator'
import { RequestGuard } from './request-guard.js'

describe('a decorated class', () => {
  const definition = buildPluginDefinition(RequestGuard)

  it('is named in kebab-case and keeps version, priority and phases', () => {
    expect(definition).toMatchObject({ name: 'request-guard', version: '1.0.0', priority: 1000 })
    expect([...definition.phases.values()]).toEqual([
      { phase: 'access', handler: 'access', failOpen: false, timeout: 30_000 },
      { phase: 'log', handler: 'log', failOpen: true, timeout: 5 },
    ])
  })

  it('becomes a schema with the types, defaults and rules of its properties', () => {
    expect(generateSchema(definition)).toEqual({
      name: 'request-guard',
      fields: [
        {
          protocols: {
            type: 'set',
            required: true,
            default: ['grpc', 'grpcs', 'http', 'https'],
            elements: { type: 'string', one_of: ['grpc', 'grpcs', 'http', 'https'] },
          },
        },
        {
          config: {
            type: 'record',
            fields: [
              { my_file_path: { type: 'string', required: true } },
              { max_calls: { type: 'integer', between: [1, 500], default: 10 } },
              {
                rules: {
                  type: 'array',
                  elements: {
                    type: 'record',
                    fields: [
                      { path: { type: 'string', required: true } },
                      { action: { type: 'string', one_of: ['allow', 'deny'], default: 'deny' } },
                    ],
                  },
                  default: [],
                },
              },
              { weights: { type: 'map', keys: { type: 'string' }, values: { type: 'number' }, default: {} } },
              { tags: { type: 'set', elements: { type: 'string' }, default: ['a'] } },
              { api_key: { type: 'string', referenceable: true } },
            ],
          },
        },
      ],
    })
  })

  it('is frozen all the way down', () => {
    expect(Object.isFrozen(definition)).toBe(true)
    expect(definition.config.fields.every(Object.isFrozen)).toBe(true)
  })

  it('inherits fields and phases, and a redeclared field or phase takes the place of the inherited one', () => {
    @Plugin('1.0.0', 5, { name: 'narrow-guard' })
    class NarrowGuard extends RequestGuard {
      @Field() override maxCalls = 3
      @Access({ timeout: 9 }) override async access() {}
    }
    const inherited = buildPluginDefinition(NarrowGuard)
    expect(inherited.config.fields.map(({ name }) => name)).toEqual(definition.config.fields.map(({ name }) => name))
    expect(inherited.config.fields.find(({ name }) => name === 'max_calls')?.default).toBe(3)
    expect(inherited.phases.get('access')?.timeout).toBe(9)
    expect(inherited.phases.get('log')?.failOpen).toBe(true)
  })

  it('takes @IsOptional as not required, and an initialised record as one that Kong completes', () => {
    class Limits {
      @Field() perSecond = 5
    }
    @Plugin('1.0.0', 1, { noConsumer: true, noRoute: true, noService: true })
    class Optional {
      @Field() @IsOptional() note!: string
      @Field() limits = new Limits()
      @Field({ type: Limits, required: false }) extra?: Limits
      @Log() log() {}
    }
    const schema = generateSchema(buildPluginDefinition(Optional))
    expect(schema.fields.at(-1)).toEqual({
      config: {
        type: 'record',
        fields: [
          { note: { type: 'string' } },
          { limits: { type: 'record', required: true, fields: [{ per_second: { type: 'number', default: 5 } }] } },
          { extra: { type: 'record', required: false, fields: [{ per_second: { type: 'number', default: 5 } }] } },
        ],
      },
    })
    expect(schema.fields.slice(1, 4)).toEqual([
      { consumer: { type: 'foreign', reference: 'consumers', eq: null } },
      { route: { type: 'foreign', reference: 'routes', eq: null } },
      { service: { type: 'foreign', reference: 'services', eq: null } },
    ])
  })

  it('reads initialisers although nothing is injected while the definition is built', () => {
    class Store {
      limit = 7
    }
    @Plugin('1.0.0', 1)
    class Injected {
      @Field() limit = 4
      readonly alias: unknown
      constructor(readonly store: Store) {
        this.alias = store.limit
      }
      @Access() access() {}
    }
    expect(buildPluginDefinition(Injected).config.fields[0]?.default).toBe(4)
  })
})

describe('mistakes in a plugin class', () => {
  function problemsOf(target: new () => object): string[] {
    try {
      buildPluginDefinition(target)
    } catch (error) {
      if (error instanceof PluginDefinitionError)
        return error.problems.map(({ className, member, reason }) => `${className}${member ? `.${member}` : ''}: ${reason}`)
      throw error
    }
    return []
  }

  it('are reported all at once, each with class, property, reason and remedy', () => {
    @Plugin('1.0', 1.5, { name: 'Bad Name' })
    class Wrong {
      @Field() list: string[] = []
      @Field() unknown: unknown
      @Field('route_id') route = 'x'
      @Field({ description: 'short' }) text = ''
      @Access() one() {}
      @Access() two() {}
    }
    expect(problemsOf(Wrong)).toEqual([
      'Wrong: version "1.0" is not x.y.z',
      'Wrong: priority 1.5 is not an integer',
      'Wrong: "Bad Name" is not a name that Kong can use',
      'Wrong.one, two: 2 handlers for access',
      'Wrong.list: the elements of the array are unknown at run time',
      'Wrong.unknown: its type cannot be told from an initialiser or from what the compiler recorded',
      'Wrong.route: Kong itself puts route_id into the configuration and would overwrite it',
      'Wrong.text: its description has 5 bytes',
    ])
    expect(() => buildPluginDefinition(Wrong)).toThrow(/Wrong\.list: .*; name them: @Field\({ elements: String }\)/)
  })

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('include a deadline of %d ms, which no timer waits for', (timeout) => {
    @Plugin('1.0.0', 1)
    class Patient {
      @Access({ timeout }) access() {}
    }
    expect(problemsOf(Patient)).toEqual([`Patient.access: timeout ${timeout} is not a number of milliseconds from 0 to 2147483647`])
  })

  it('include a class without @Plugin and a plugin without phases', () => {
    class Bare {}
    @Plugin('1.0.0', 1)
    class Idle {}
    expect(problemsOf(Bare)).toEqual(['Bare: it has no @Plugin'])
    expect(problemsOf(Idle)).toEqual(['Idle: it handles no phase'])
  })

  it('include records that go in a circle', () => {
    class Node {
      @Field({ type: Node, required: false }) next?: unknown
    }
    @Plugin('1.0.0', 1)
    class Circular {
      @Field({ type: Node }) node!: Node
      @Access() access() {}
    }
    expect(problemsOf(Circular)).toEqual(['Node.next: records go in a circle (Node → Node)'])
  })
})

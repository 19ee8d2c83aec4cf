import { describe, expect, it } from 'vitest'
import { Access, Field, Plugin, Transform, typedefs } from '@kong-ts/core'
import { buildPluginDefinition } from '@kong-ts/core/server'
import { generateSchema } from '@kong-ts/core/tooling'

class Part {
  @Field() name = 'x'
}
enum Level {
  Low = 'low',
  High = 'high',
}

describe('@Field on a property of a fitting type', () => {
  it('compiles, and says in the schema what it says', () => {
    @Plugin('1.0.0', 1)
    class Fits {
      @Field({ oneOf: ['allow', 'deny'] }) action: 'allow' | 'deny' = 'deny'
      @Field({ oneOf: ['low', 'high'] }) level: Level = Level.Low
      @Field({ match: '^%d+$', required: false }) optional?: string | null
      @Field({ elements: Part, lenMax: 3 }) parts: Part[] = []
      @Field({ elements: String, contains: 'a' }) names: ReadonlySet<string> = new Set(['a'])
      @Field({ elements: { type: 'set', elements: { type: 'integer', gt: 0 }, lenMin: 1 } }) groups: Set<number>[] = []
      @Field({ values: Part }) map = new Map<string, Part>()
      @Field({ keys: 'integer', values: Boolean }) flags = new Map<number, boolean>()
      @Field({ values: { type: 'map', values: Number } }) nested: Record<string, Record<string, number>> = {}
      @Field({ default: 5, required: false }) count?: number
      @Field({ reference: 'consumers', required: false }) other?: { id: string }
      @Field({ jsonSchema: { inline: { type: 'object' } }, default: {} }) anything: unknown
      @Field({ type: 'string', match: '^https' }) @Transform(({ value }: { value: string }) => new URL(value)) url!: URL
      @Field({ type: Part, entityChecks: [{ atLeastOneOf: ['name'] }], required: false }) part?: Part
      @Field({ ...typedefs.port }) port = 80
      @Field({ ...typedefs.httpMethods }) methods = ['GET']
      @Field({ ...typedefs.secret, required: false }) token?: string
      @Field({ deprecation: { message: 'use other', removalInVersion: '2', replacedWith: [{ path: ['other'] }] } }) old = true
      @Access() access() {}
    }
    const [, config] = generateSchema(buildPluginDefinition(Fits)).fields
    const inSchema = Object.assign({}, ...(config?.['config']?.['fields'] as object[])) as Record<string, unknown>
    expect(inSchema).toMatchObject({
      action: { type: 'string', one_of: ['allow', 'deny'], default: 'deny' },
      groups: { type: 'array', elements: { type: 'set', len_min: 1, elements: { type: 'integer', gt: 0 } } },
      flags: { type: 'map', keys: { type: 'string', match: '^-?%d+$' }, values: { type: 'boolean' } },
      count: { type: 'number', default: 5 },
      other: { type: 'foreign', reference: 'consumers' },
      anything: { type: 'json', json_schema: { inline: { type: 'object' } }, default: {}, required: true },
      url: { type: 'string', match: '^https', required: true },
      port: { type: 'integer', between: [0, 65535], default: 80 },
      methods: { type: 'array', elements: { type: 'string', match: '^%u+$' } },
      token: { type: 'string', referenceable: true, encrypted: true },
      old: { deprecation: { message: 'use other', removal_in_version: '2', replaced_with: [{ path: ['other'] }] } },
    })
  })
})

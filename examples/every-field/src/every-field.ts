import { Access, Field, Plugin, type PDK } from '@kong-ts/core'
import { NumberFields } from './number-fields.js'
import { TextFields } from './text-fields.js'

class Rule {
  @Field() path!: string
  @Field({ oneOf: ['allow', 'deny'] }) action = 'deny'
  @Field({ elements: { type: 'string', match: '^%u+$' } }) methods: string[] = ['GET']
}

class Redis {
  @Field({ required: false }) host?: string
  @Field({ type: 'integer', between: [0, 65535] }) port = 6379
  @Field({ referenceable: true, required: false }) password?: string
}

/** Every type and every attribute of Kong's schema language; answers with what it was given. */
@Plugin('1.0.0', 20, {
  protocols: ['http', 'https'],
  noConsumer: true,
  entityChecks: [
    { atLeastOneOf: ['rules', 'tags'] },
    { onlyOneOf: ['primary', 'secondary'] },
    { distinct: ['primary', 'fallback'] },
    { mutuallyRequired: ['user', 'secret'] },
    { mutuallyExclusive: ['secret', 'token'] },
    { mutuallyExclusiveSets: { set1: ['user'], set2: ['token'] } },
    {
      conditional: {
        ifField: 'mode',
        ifMatch: { eq: 'redis' },
        thenField: 'redis.host',
        thenMatch: { ne: null },
        thenErr: 'redis needs a host',
      },
    },
    {
      conditionalAtLeastOneOf: {
        ifField: 'mode',
        ifMatch: { oneOf: ['redis', 'memory'] },
        thenAtLeastOneOf: ['primary', 'secondary'],
        thenErr: 'one of %s is needed',
        elseMatch: { eq: 'off' },
        elseThenAtLeastOneOf: ['primary', 'fallback', 'secondary'],
        elseThenErr: 'one of %s is needed although it is off',
      },
    },
  ],
  pluginEntityChecks: [{ mutuallyExclusive: ['service', 'route'] }],
})
export class EveryField {
  @Field() text = new TextFields()
  @Field() numbers = new NumberFields()
  @Field() enabled = true

  @Field({ elements: Rule, lenMax: 10 }) rules: Rule[] = []
  @Field({ elements: String, contains: 'a', mutuallyExclusiveSubsets: [['x', 'y'], ['z']] }) tags = new Set<string>(['a'])
  @Field({ elements: { type: 'array', elements: Number, lenEq: 2 } }) points: number[][] = []
  @Field({ values: Number, lenMin: 0 }) weights: Record<string, number> = {}
  @Field({ keys: { type: 'integer', oneOf: [404, 500] }, values: { type: 'string', lenMin: 2 } }) messages = new Map<number, string>()
  @Field({ values: Redis }) caches: Record<string, Redis> = {}

  @Field({ reference: 'services', required: false }) mirror?: { id: string }
  @Field({ required: false, jsonSchema: { inline: { type: ['object', 'null'], properties: { depth: { type: 'integer', minimum: 0 } } } } })
  extra?: unknown

  @Field({ oneOf: ['off', 'memory', 'redis'] }) mode = 'memory'
  @Field() redis = new Redis()
  @Field() primary = 'one'
  @Field({ required: false }) secondary?: string
  @Field({ required: false }) fallback?: string
  @Field({ required: false }) user?: string
  @Field({ encrypted: true, required: false }) secret?: string
  @Field({ encrypted: true, required: false }) token?: string

  @Access()
  async access(kong: PDK): Promise<void> {
    const { text, numbers, rules, tags, points, weights, messages, caches, mirror, extra, mode } = this
    // Secrets stay here; maps and sets have no JSON of their own.
    const shown = {
      language: text.language,
      numbers,
      rules,
      tags: [...tags],
      points,
      weights,
      messages: [...messages],
      caches: Object.keys(caches),
      mirror,
      extra,
      mode,
    }
    await kong.response.exit(200, JSON.stringify(shown), { 'content-type': 'application/json' })
  }
}

import { Access, ConfigError, Field, PDK, Plugin } from '@kong-ts/core'
import { buildPluginDefinition, createPluginContainer, startPluginInstance } from '@kong-ts/core/server'
import { generateSchema } from '@kong-ts/core/tooling'
import { IsIn, IsInt, Max, Min } from 'class-validator'
import { bench, describe } from 'vitest'

class Rule {
  @Field() path!: string
  @Field() @IsIn(['allow', 'deny']) action = 'deny'
}

/** A configuration of ordinary size: what Kong's schema can check, a list of records, a map. */
@Plugin('1.0.0', 1000)
class RequestGuard {
  @Field('my_file_path') path!: string
  @Field() @IsInt() @Min(1) @Max(500) maxCalls = 10
  @Field({ elements: Rule }) rules: Rule[] = []
  @Field({ keys: String, values: Number }) weights = new Map<string, number>()

  @Access()
  access(): void {}
}

const definition = buildPluginDefinition(RequestGuard)
const container = createPluginContainer()
const CONFIG = JSON.stringify({
  my_file_path: '/var/lib/guard',
  max_calls: 20,
  rules: [{ path: '/a', action: 'allow' }, { path: '/b', action: 'deny' }, { path: '/c' }],
  weights: { a: 1, b: 2 },
  __seq__: 7,
  __plugin_id: '7f2c1a3e-5b9d-4c6f-8e1a-2d3b4c5d6e7f',
})
const REFUSED = JSON.stringify({ max_calls: 20_000, rules: [{ action: 'maybe' }] })

describe('a plugin is started', () => {
  bench('definition and schema of a decorated class', () => {
    generateSchema(buildPluginDefinition(RequestGuard))
  })

  bench('configuration bound, instance started and closed', async () => {
    const instance = await startPluginInstance(definition, CONFIG, container)
    await instance.close()
  })

  bench('configuration refused', async () => {
    try {
      await startPluginInstance(definition, REFUSED, container)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
    }
  })
})

const answered = Promise.resolve('shop.example.net')
const headers = Promise.resolve({ host: ['shop.example.net'], accept: ['application/json'] })

describe('a PDK call', () => {
  bench('one call of a new PDK, as each event has one', async () => {
    const kong = new PDK(() => answered, { phase: 'access' })
    await kong.request.getHeader('host')
  })

  const kong = new PDK((method) => (method.endsWith('get_headers') ? headers : answered), { phase: 'access' })
  bench('a call without rules for its arguments', async () => {
    await kong.request.getMethod()
  })

  bench('a call with checked arguments', async () => {
    await kong.service.request.setHeader('x-from', '198.51.100.23')
  })

  bench('a call whose answer is converted', async () => {
    await kong.request.getHeaders()
  })
})

import { describe, expect, it } from 'vitest'
import { Access, Field, Plugin, PluginDefinitionError } from '@kong-ts/core'
import { Matches } from 'class-validator'
import { createPluginTest, createScenario } from '../../src/index.js'

/** Compiles and builds a definition; only Kong's view of the schema shows the mistake. */
@Plugin('1.0.0', 1, { name: 'misspelt-check', entityChecks: [{ atLeastOneOf: ['name', 'nickname'] }] })
class MisspeltCheck {
  @Field({ required: false }) name?: string

  @Access()
  access(): void {}
}

@Plugin('1.0.0', 1, { name: 'prefixed', entityChecks: [{ atLeastOneOf: ['prefix', 'suffix'] }] })
class Prefixed {
  @Field({ required: false }) @Matches(/^[a-z]+$/) prefix?: string
  @Field({ required: false }) suffix?: string
  @Field({ between: [1, 5] }) count = 1

  @Access()
  access(): void {}
}

describe('a test judges as Kong does before a plugin server gets anything', () => {
  it('a mistake in the class', () => {
    expect(() => createPluginTest(MisspeltCheck)).toThrow(PluginDefinitionError)
    expect(() => createPluginTest(MisspeltCheck)).toThrow('nickname')
    expect(() => createScenario(MisspeltCheck, { script: 'dist/main.js', place: 'memory' })).toThrow('nickname')
  })

  it('a configuration, with every problem at once', async () => {
    await expect(createPluginTest(Prefixed, { config: { prefix: 'a', suffix: 'b' } }).start()).resolves.toBeUndefined()
    const broken = createPluginTest(Prefixed, { config: { prefix: 'A', count: 9, unknown: true } })
    await expect(broken.request().run()).rejects.toMatchObject({
      code: 'ERR_PLUGIN_CONFIG',
      problems: expect.arrayContaining([
        expect.objectContaining({ path: 'config.prefix' }),
        expect.objectContaining({ path: 'config.count' }),
        expect.objectContaining({ path: 'config.unknown' }),
      ]),
    })
  })
})

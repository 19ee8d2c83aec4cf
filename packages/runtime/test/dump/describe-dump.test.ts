import { describe, expect, it } from 'vitest'
import { Access, Field, Plugin } from '@kong-ts/core'
import { buildPluginDefinition } from '@kong-ts/core/server'
import { IsUrl } from 'class-validator'
import { describeDump } from '../../src/dump/plugin-info.js'

@Plugin('1.0.0', 1, { kongVersion: '3.4' })
class Late {
  @Field({ examples: ['https://a.example'] }) @IsUrl() target = 'https://a.example'
  @Access() access() {}
}

describe('what a dump tells a person', () => {
  const definition = buildPluginDefinition(Late)

  it('names what was left out for an older Kong, whatever the level but error', () => {
    expect(describeDump(definition, 'info')).toEqual([expect.stringMatching(/^warn \[late\] .*examples/)])
    expect(describeDump(definition, 'error')).toEqual([])
  })

  it('names at level debug the rules that come late, and the oldest Kong', () => {
    const lines = describeDump(definition, 'debug').join('\n')
    expect(lines).toContain('debug [late] config.target: checked when an instance starts, not by Kong: isUrl')
    expect(lines).toMatch(/debug \[late\] the schema needs Kong 3\.6 or newer/)
  })
})

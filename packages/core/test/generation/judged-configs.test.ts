import { createConfigCompleter, describeProblems } from '@kong-ts/schema'
import { describe, expect, it } from 'vitest'
import { buildPluginDefinition } from '@kong-ts/core/server'
import { generateSchema } from '@kong-ts/core/tooling'
import { Guard } from '../config/guard.js'

const KONG = '3.9'
const schema = generateSchema(buildPluginDefinition(Guard))
const complete = createConfigCompleter(schema, { kongVersion: KONG })

/** What Kong says against a configuration of the generated schema, in our words. */
function problemsOf(config: object): string[] {
  const outcome = complete({ config })
  if (outcome.status !== 'refused') return []
  return describeProblems(schema, { config }, outcome.problems, KONG).map(({ path, text }) => `${path}: ${text}`)
}

describe('a configuration that breaks the rules of its class', () => {
  it('is refused by Kong with every violation at once', () => {
    const config = {
      rules: [{ path: '/' }, {}, { path: '/', action: 'drop' }],
      tags: ['a', 'a', 5],
      weights: { 1: 'x', two: 2 },
      labels: { a: 'long', b: 'x', c: 5 },
      limits: { per_second: 10 },
      per_route: { home: { per_second: 0, typo: 1 } },
      unknown: 1,
    }
    expect(problemsOf(config).toSorted()).toEqual([
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

  it('never shows a secret, wherever it stands', () => {
    const problems = problemsOf({
      name: 'n',
      pin: 'hunter2',
      secrets: ['a1', 'hunter2'],
      rules: [{ path: '/', token: 'no' }, 'hunter2'],
      limits: 'x',
    })
    expect(problems).toEqual([
      'config.pin: must match the Lua pattern ^%d+$ (got a secret string)',
      'config.secrets[0]: must have length 3 or more (got a secret string)',
      'config.rules[0].token: must have length 4 or more (got a secret string)',
      'config.rules[1]: must be an object (got a secret string)',
      'config.limits: must be an object (got "x")',
    ])
  })
})

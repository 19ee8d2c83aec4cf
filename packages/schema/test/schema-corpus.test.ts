import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createConfigCompleter, createSchemaChecker, type ConfigOutcome, type SchemaChecker, type SchemaVerdict } from '../src/index.js'
import {
  answerOf,
  CORPUS_VERSIONS,
  readCorpus,
  resolveCorpusReference,
  type ConfigAnswer,
  type CorpusSchema,
  type CorpusVersion,
  type SchemaAnswer,
} from './corpus.js'
// Ids of cases that differ from Kong on purpose, each with the reason.
import knownDifferences from './known-differences.json' with { type: 'json' }

const corpus = readCorpus()

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const isSameVerdict = (verdict: SchemaVerdict, answer: SchemaAnswer): boolean => {
  if (verdict.accepted) return answer.accepted
  if (answer.accepted || verdict.stage !== answer.stage) return false
  if (verdict.stage === 'meta') return isDeepStrictEqual(plain(verdict.errors), answer.errors)
  return verdict.stage === 'crash' || verdict.error === answer.error
}

const isSameOutcome = (outcome: ConfigOutcome, answer: ConfigAnswer): boolean => {
  if (answer.crash !== undefined) return outcome.status === 'crash'
  if (!answer.ok)
    return outcome.status === 'refused' && (answer.unstable === true || isDeepStrictEqual(plain(outcome.errors), answer.errors))
  if (answer.dbless_select_crash !== undefined) return outcome.status === 'unusable' && outcome.crash.length > 0
  if (outcome.status !== 'completed') return false
  const config = answer.config ?? answer.db_config
  return isSameConfig(outcome, config, answer.volatile === true) && isSameTop(outcome.plugin, answer.top)
}

const isSameConfig = (outcome: Extract<ConfigOutcome, { status: 'completed' }>, text: string | undefined, isVolatile: boolean): boolean => {
  if (text === undefined) return true
  const hasSameValues = JSON.stringify(shapeOf(outcome.config)) === JSON.stringify(shapeOf(JSON.parse(text)))
  return isVolatile ? hasSameValues : outcome.configText === text && hasSameValues
}

/** Keys and types, without values. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.entries(value)
    .map(([key, member]) => [key, shapeOf(member)])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))
}

const isSameTop = (plugin: object, text: string | undefined): boolean =>
  text === undefined ||
  Object.entries(JSON.parse(text) as object).every(([key, value]) =>
    isDeepStrictEqual(plain(Object.entries(plugin).find(([name]) => name === key)?.[1] ?? null), value),
  )

const differencesOf = (entry: CorpusSchema, version: CorpusVersion, checker: SchemaChecker): string[] => {
  const answer = answerOf(entry, version)
  if (answer === undefined) return [`${entry.id}: no answer`]
  const pluginName = `p${entry.id}`
  const verdict = checker.judge(entry.schema, pluginName)
  const hasError = checker.check(entry.schema, pluginName).some(({ severity }) => severity === 'error')
  if (!isSameVerdict(verdict, answer) || hasError === answer.accepted) return [entry.id]
  if (!answer.accepted) return []
  const complete = createConfigCompleter(entry.schema, { kongVersion: version, pluginName, resolveReference: resolveCorpusReference })
  return entry.configs.flatMap((config) => {
    const expected = answerOf(config, version)
    return expected === undefined || isSameOutcome(complete(config.input), expected) ? [] : [config.id]
  })
}

describe('the corpus of answers from Kong itself', () => {
  it('is there', () => {
    expect(corpus).toHaveLength(1386)
    expect(corpus.reduce((sum, { configs }) => sum + configs.length, 0)).toBe(10_637)
  })

  it.each(CORPUS_VERSIONS)(
    'is answered as Kong %s does, but for the known differences',
    (version) => {
      const checker = createSchemaChecker(version)
      const differing = corpus.flatMap((entry) => differencesOf(entry, version, checker))
      expect(differing.toSorted()).toEqual(Object.keys(knownDifferences[version]).toSorted())
    },
    60_000,
  )

  it('has a warning for every schema that Kong 3.9.1 accepts and then crashes on', () => {
    const checker = createSchemaChecker('3.9.1')
    const silent = corpus.filter((entry) => {
      const crashes = entry.configs.some((config) => config.result?.crash !== undefined)
      return crashes && entry.result?.accepted === true && checker.check(entry.schema).length === 0
    })
    // The values' own fault: a foreign field raises on numbers and booleans, checks of `config.x` on `config: null`.
    expect(silent.map(({ id }) => id)).toEqual(['type-values-017', 'checks-top-008'])
  })
})

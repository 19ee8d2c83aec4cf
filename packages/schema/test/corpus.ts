import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** Versions of Kong whose own code answered the corpus. The lines give 3.9.1's answers, and where the others differ. */
export const CORPUS_VERSIONS = ['3.9.1', '3.8.1', '3.4.2'] as const
export type CorpusVersion = (typeof CORPUS_VERSIONS)[number]

export interface SchemaAnswer {
  readonly accepted: boolean
  readonly stage?: 'meta' | 'init' | 'crash'
  readonly errors?: unknown
  readonly error?: string
}

export interface ConfigAnswer {
  readonly ok: boolean
  readonly errors?: unknown
  readonly crash?: string
  /** JSON text of the config that StartInstance brings; without a database, and with one where that is all there is. */
  readonly config?: string
  readonly db_config?: string
  /** Accepted, but raises when it is read back. */
  readonly dbless_select_crash?: string
  /** JSON text of protocols, enabled and so on as Kong uses them. */
  readonly top?: string
  /** Holds a generated value. */
  readonly volatile?: boolean
  /** Which error is reported depends on hash order. */
  readonly unstable?: boolean
}

interface Differing<Answer> {
  readonly result?: Answer
  readonly diff?: Partial<Record<string, Answer>>
}

export interface CorpusConfig extends Differing<ConfigAnswer> {
  readonly id: string
  readonly input: unknown
}

export interface CorpusSchema extends Differing<SchemaAnswer> {
  readonly id: string
  readonly group: string
  readonly schema: unknown
  readonly configs: readonly CorpusConfig[]
}

/** The answer of one version, if it has one. */
export const answerOf = <Answer>({ result, diff }: Differing<Answer>, version: CorpusVersion): Answer | undefined =>
  version === '3.9.1' ? result : (diff?.[version] ?? result)

const isCorpusSchema = (line: unknown): line is CorpusSchema =>
  typeof line === 'object' && line !== null && 'schema' in line && 'configs' in line

/** All schemas of the corpus with their configs. Addresses of tables, which differ in every run of Kong, become the one that kong-ts prints. */
export const readCorpus = (): CorpusSchema[] => {
  const file = new URL('./data/schema-corpus.jsonl.gz', import.meta.url)
  const lines = gunzipSync(readFileSync(file)).toString('utf8').replaceAll('table: 0xADDR', 'table: 0x7f0000000000').trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as unknown).filter(isCorpusSchema)
}

/** Kong's env vault as the corpus was recorded: one secret, named with dashes, optionally behind a prefix. */
export const resolveCorpusReference = (reference: string): string | undefined =>
  /^\{vault:\/\/env\/corpus-secret\}$/.test(reference) ? 's3cr3t' : undefined

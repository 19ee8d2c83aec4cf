import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** Text, or bytes that are not UTF-8. */
export type CorpusBytes = string | { readonly $b64: string }

export interface CorpusReply {
  readonly status?: number
  readonly reason?: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly body?: CorpusBytes
  readonly raw?: CorpusBytes
  readonly close?: boolean
  readonly end?: boolean
  readonly delay?: number
}

/** One case of the corpus, with the members that the replay reads. */
export interface CorpusCase {
  readonly id: string
  readonly group: string
  readonly config: string
  readonly request: {
    readonly method: string
    readonly target: string
    readonly version: string
    readonly headers: readonly (readonly [string, string])[]
    readonly body?: CorpusBytes
    readonly wire_body?: CorpusBytes
    /** The header lines as sent, one character for each byte. Replaces `headers`. */
    readonly wire_head?: string
    readonly tls?: boolean
    readonly pause?: { readonly after: number; readonly ms: number }
    readonly timeout?: number
  }
  readonly reply?: CorpusReply
  readonly script: Readonly<Record<string, readonly (readonly [string, unknown?])[]>>
  readonly phases: readonly string[]
  readonly calls: readonly unknown[]
  readonly upstream: unknown
  readonly upstream_more?: unknown
  readonly client: unknown
}

/** One PDK call of a replay, in the corpus's form. */
export interface CallRecord {
  readonly phase: string
  readonly method: string
  readonly args: unknown
  readonly outcome: string
  readonly step?: unknown
  readonly value?: unknown
}

/** The result of a replay, in the corpus's form. */
export interface ReplayRecord {
  readonly phases: readonly string[]
  readonly calls: readonly CallRecord[]
  readonly upstream: unknown
  readonly upstream_more?: unknown
  readonly client: unknown
}

/** A configuration of the recorded Kong. */
export interface CorpusConfig {
  readonly plugin: string
  readonly kong_conf: Readonly<Record<string, string | number>>
  readonly env: Readonly<Record<string, string>>
  readonly entities: unknown
}

function readData(name: string): string {
  return gunzipSync(readFileSync(new URL(`../../data/${name}.gz`, import.meta.url))).toString('utf8')
}

/** Reads all cases that were recorded from a real Kong. */
export function readCorpus(): readonly CorpusCase[] {
  return readData('pdk-corpus.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** Reads the configurations that the cases name. */
export function readCorpusConfigs(): ReadonlyMap<string, CorpusConfig> {
  return new Map(Object.entries(JSON.parse(readData('pdk-corpus-configs.json'))))
}

/** The bytes of a body, one character for each byte. */
export function corpusBytes(body: CorpusBytes | undefined): string {
  if (body === undefined) return ''
  return typeof body === 'string' ? Buffer.from(body, 'utf8').toString('latin1') : Buffer.from(body.$b64, 'base64').toString('latin1')
}

/** Bytes in the corpus's form. */
export function bytesToCorpus(text: string): CorpusBytes {
  const bytes = Buffer.from(text, 'latin1')
  const utf8 = bytes.toString('utf8')
  return Buffer.from(utf8, 'utf8').equals(bytes) ? utf8 : { $b64: bytes.toString('base64') }
}

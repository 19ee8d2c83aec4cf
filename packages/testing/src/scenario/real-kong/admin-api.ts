import { setTimeout as sleep } from 'node:timers/promises'
import { KongTsError } from '@kong-ts/core'
import { isRecord, type JsonRecord } from '@kong-ts/simulator'

/** The status with which Kong answers while it loads the previous configuration. */
const BUSY = 429
const DEFAULT_RETRY_SECONDS = 1
const LONGEST_WAIT_MS = 30_000
/** Longest part of Kong's answer in a message, in characters. */
const LONGEST_ANSWER = 500

/** What the Admin API answered. */
export interface AdminAnswer {
  readonly status: number
  /** The JSON document; empty when there was none. */
  readonly body: JsonRecord
  /** When to ask again, in milliseconds from now. */
  readonly retryAfterMs: number
}

/** Kong's Admin API over HTTP. */
export class AdminApi {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  /** @throws KongTsError (ERR_TEST) when nothing listens there. */
  async ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: JsonRecord): Promise<AdminAnswer> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const response = await fetch(`${this.url}${path}`, { method, ...sent }).catch((cause: unknown) => {
      throw new KongTsError('ERR_TEST', `there is no Admin API at ${this.url}: start Kong, or correct KONG_TS_ADMIN`, { cause })
    })
    const seconds = Number(response.headers.get('retry-after') ?? DEFAULT_RETRY_SECONDS)
    return { status: response.status, body: parseRecord(await response.text()), retryAfterMs: 1000 * seconds }
  }

  /**
   * Changes something. Asks again while Kong is busy with the previous change.
   *
   * @throws KongTsError (ERR_TEST) with Kong's answer when Kong refuses the change.
   */
  async change(method: 'POST' | 'DELETE', path: string, body?: JsonRecord): Promise<void> {
    const deadline = Date.now() + LONGEST_WAIT_MS
    let answer = await this.ask(method, path, body)
    while (answer.status === BUSY && Date.now() < deadline) {
      await sleep(answer.retryAfterMs)
      answer = await this.ask(method, path, body)
    }
    if (answer.status < 300) return
    const reason = JSON.stringify(answer.body).slice(0, LONGEST_ANSWER)
    throw new KongTsError(
      'ERR_TEST',
      `Kong at ${this.url} refuses ${method} ${path} with ${answer.status}: correct what its answer names: ${reason}`,
    )
  }
}

function parseRecord(text: string): JsonRecord {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : { value }
  } catch {
    return text === '' ? {} : { text }
  }
}

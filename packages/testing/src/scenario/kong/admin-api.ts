import { KongTsError } from '@kong-ts/core'
import { isRecord, type JsonRecord } from '../../gateway/json-record.js'

/** Longest part of Kong's own words in a message, in characters. */
const LONGEST = 500

/** What the Admin API answered. */
export interface AdminAnswer {
  readonly status: number
  /** The JSON document; empty when there was none. */
  readonly body: JsonRecord
}

/** Kong's Admin API over HTTP. */
export class AdminApi {
  constructor(readonly url: string) {}

  /** @throws KongTsError (ERR_TEST) when nothing listens there. */
  async ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: JsonRecord): Promise<AdminAnswer> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const response = await fetch(`${this.url}${path}`, { method, ...sent }).catch((cause: unknown) => {
      throw new KongTsError('ERR_TEST', `there is no Admin API at ${this.url}: start Kong, or correct KONG_TS_ADMIN`, { cause })
    })
    return { status: response.status, body: parseRecord(await response.text()) }
  }

  /**
   * Changes something.
   * @throws KongTsError (ERR_TEST) with Kong's own words when it does not take it.
   */
  async change(method: 'POST' | 'DELETE', path: string, body?: JsonRecord): Promise<void> {
    const answer = await this.ask(method, path, body)
    if (answer.status < 300) return
    const words = JSON.stringify(answer.body).slice(0, LONGEST)
    throw new KongTsError(
      'ERR_TEST',
      `Kong at ${this.url} refuses ${method} ${path} with ${answer.status}: correct what it names: ${words}`,
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

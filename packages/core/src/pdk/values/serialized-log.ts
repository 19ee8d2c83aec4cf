import type { Consumer, EntityReference, Route, Service } from './entities.js'

/** The record of a request that Kong's logging plugins write, as `kong.log.serialize` gives it. */
export interface SerializedLog {
  readonly request?: SerializedRequest
  readonly response?: SerializedResponse
  /** Path and query sent to the service. */
  readonly upstream_uri?: string
  /** Status of the service: `''` when it was not contacted, several statuses joined with `, ` after retries. Kong 3.3 and newer. */
  readonly upstream_status?: string
  /** Every attempt to reach the service. */
  readonly tries: readonly BalancerTry[]
  readonly latencies?: SerializedLatencies
  readonly client_ip?: string
  /** When the request came, milliseconds since the epoch. */
  readonly started_at?: number
  readonly route?: Route
  readonly service?: Service
  readonly consumer?: Consumer
  readonly authenticated_entity?: Partial<EntityReference>
  /** Who made the response. Kong 3.8 and newer. */
  readonly source?: 'upstream' | 'kong' | (string & {})
  readonly workspace?: string
  readonly workspace_name?: string
  /** What plugins added with `kong.log.setSerializeValue`, and what other versions of Kong write. */
  readonly [member: string]: unknown
}

/**
 * Reads the record from Kong's JSON. Kong writes `upstream_status` as a number for a buffered response and as text for others, and empty
 * `tries` sometimes as `{}`. Here the status is always text, and `tries` always an array.
 */
export function parseSerializedLog(json: string | undefined): SerializedLog | undefined {
  if (json === undefined) return undefined
  const record: SerializedLog = JSON.parse(json)
  const status: unknown = record.upstream_status
  const tries = Array.isArray(record.tries) ? record.tries : []
  return { ...record, tries, ...(typeof status === 'number' ? { upstream_status: String(status) } : {}) }
}

/** The request of a log record. */
export interface SerializedRequest {
  /** Kong 3.5 and newer. */
  readonly id?: string
  readonly method?: string
  /** Path and query. */
  readonly uri?: string
  readonly url?: string
  /** Bytes, headers included. */
  readonly size?: number
  /** A bare argument is `true`, a repeated one an array. */
  readonly querystring?: Readonly<Record<string, string | boolean | readonly (string | boolean)[]>>
  /** `authorization` and `proxy-authorization` read `REDACTED`. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly tls?: { readonly version?: string; readonly cipher?: string; readonly client_verify?: string }
}

/** The response of a log record. */
export interface SerializedResponse {
  readonly status?: number
  /** Bytes, headers included. */
  readonly size?: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
}

/** Durations of a log record, in milliseconds; -1 when the service was not contacted. */
export interface SerializedLatencies {
  /** In Kong and its plugins. */
  readonly kong?: number
  /** Waiting for the service. */
  readonly proxy?: number
  /** From the first byte of the request to the last of the response. */
  readonly request?: number
  /** Receiving the response. Kong 3.8 and newer. */
  readonly receive?: number
  readonly session?: number
}

/** One attempt to reach the service. */
export interface BalancerTry {
  readonly ip?: string
  readonly port?: number
  /** Milliseconds since the epoch. */
  readonly balancer_start?: number
  readonly balancer_start_ns?: number
  /** Milliseconds. */
  readonly balancer_latency?: number
  readonly balancer_latency_ns?: number
  /** Present for an attempt that failed. */
  readonly state?: string
  readonly code?: number
}

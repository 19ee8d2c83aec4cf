import type { BodyFault } from '../http/messages.js'

/** The status nginx ends a request with whose body it cannot have; undefined when the client is gone. */
export const BODY_FAULT_STATUS: Readonly<Record<BodyFault, number | undefined>> = {
  ended: undefined,
  timeout: 408,
  malformed: 400,
  'too-large': 413,
}

/** nginx ended the request inside a call: with a status, or undefined when the client never sent what was waited for. */
export class NginxEnd extends Error {
  override readonly name = 'NginxEnd'

  constructor(readonly status: number | undefined) {
    super(`nginx ended the request (${status ?? 'client gone'})`)
  }
}

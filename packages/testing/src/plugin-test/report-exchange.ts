import type { ServiceMessage, TestResponse } from './test-message.js'

/** What client and service got. */
export interface Exchange {
  readonly response: TestResponse | undefined
  readonly connection: 'response' | 'closed' | 'silent'
  readonly serviceRequests: readonly ServiceMessage[]
}

/** Longest part of a body in a report, in characters. */
const LONGEST = 200

/** Two lines of text: what the client got, and what the service. */
export function reportExchange({ response, connection, serviceRequests }: Exchange): string {
  const client = response === undefined ? `nothing (connection ${connection})` : `${response.status} ${shortBody(response.text)}`
  const service = serviceRequests.map(({ method, target }) => `${method} ${target}`).join(', ')
  return `client got: ${client.trimEnd()}\nservice got: ${service || 'no request'}`
}

function shortBody(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`
}

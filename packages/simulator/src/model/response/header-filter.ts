import { asciiLower } from '@kong-ts/schema/lua'
import type { TransactionState } from '../transaction/transaction-state.js'

/** What Kong adds to a response when its head goes out: latencies, Via, Server, request id; and what it takes from a proxied one. */
export function filterResponseHeaders(state: TransactionState): void {
  const { response, node } = state
  if (state.proxied) removeHopByHop(state)
  for (const filter of state.headerFilters) filter(state)
  const { times } = state
  times.head ??= node.now()
  const enabled = (name: string): boolean => node.settings.headers.has(asciiLower(name))
  if (state.proxied) {
    if (enabled('X-Kong-Upstream-Latency')) response.headers.set('X-Kong-Upstream-Latency', [String(times.waiting ?? 0)])
    if (enabled('X-Kong-Proxy-Latency')) response.headers.set('X-Kong-Proxy-Latency', [String(times.kong)])
    if (enabled('Via')) response.headers.set('Via', [viaOf(state)])
    if (enabled('Server') && !response.headers.has('Server')) response.headers.set('Server', [`kong/${node.version}`])
  } else {
    if (enabled('X-Kong-Response-Latency')) response.headers.set('X-Kong-Response-Latency', [String(times.kong)])
    response.headers.set('Server', enabled('Server') ? [`kong/${node.version}`] : [])
  }
  if (enabled('X-Kong-Request-Id')) response.headers.set('X-Kong-Request-Id', [state.requestId])
}

/** Unbuffered, Kong sees the service's own Via; while buffering it cannot. */
function viaOf({ node, serviceLines }: TransactionState): string {
  const own = `1.1 kong/${node.version}`
  const given = serviceLines
    .filter(([name]) => asciiLower(name) === 'via')
    .map(([, value]) => value)
    .join(', ')
  return given === '' ? own : `${given}, ${own}`
}

function removeHopByHop({ response, serviceLines, upstream }: TransactionState): void {
  const value = (wanted: string): string | undefined => serviceLines.find(([name]) => asciiLower(name) === wanted)?.[1]
  const connection = value('connection')
  if (connection !== undefined && !['keep-alive', 'close', 'upgrade'].includes(connection)) {
    for (const name of connection.split(',').map((item) => asciiLower(item.trim()))) {
      if (name !== '' && !['close', 'upgrade', 'keep-alive'].includes(name)) response.headers.set(name, [])
    }
  }
  const upgrade = value('upgrade')
  if (upgrade !== undefined && asciiLower(upgrade) !== asciiLower(upstream.upgrade)) response.headers.set('Upgrade', [])
  if (upstream.te === '' && value('trailer') !== undefined) response.headers.set('Trailer', [])
}

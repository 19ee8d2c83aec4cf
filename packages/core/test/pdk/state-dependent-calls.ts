import type { RecordedCall } from './recorded-calls.js'

/** Calls that Kong accepts in one state and raises on in another, with the same arguments. */
export interface StateDependent {
  readonly name: string
  /** What the PDK does in every state: the state is not known to it. */
  readonly verdict: 'sent' | 'PdkArgumentError' | 'PdkPhaseError'
  readonly matches: (call: RecordedCall) => boolean
}

/** Every such call of the corpus, with the reason for what the PDK does. */
export const STATE_DEPENDENT: readonly StateDependent[] = [
  {
    // Kong looks at the type only when it has a list of trusted addresses to compare with: on the next gateway the same call is a 500.
    name: 'an address for ip.is_trusted that is no string',
    verdict: 'PdkArgumentError',
    matches: ({ method, args }) => method === 'kong.ip.is_trusted' && !(Array.isArray(args) && typeof args[0] === 'string'),
  },
  {
    // Kong compares the limit only with a body that it wrote to a file: what is no number is a 500 for large bodies alone.
    name: 'a limit for request.get_raw_body that is no number',
    verdict: 'PdkArgumentError',
    matches: ({ method, args }) =>
      method === 'kong.request.get_raw_body' && limitOf(args) !== undefined && typeof limitOf(args) !== 'number',
  },
  {
    // Kong raises when a body it wrote to a file is larger than the limit, or there is none. The PDK always asks for the whole body and
    // compares itself, so that nothing raises.
    name: 'a limit for request.get_raw_body',
    verdict: 'sent',
    matches: ({ method, args, because }) =>
      method === 'kong.request.get_raw_body' && because !== 'phase' && (limitOf(args) === undefined || typeof limitOf(args) === 'number'),
  },
  {
    // In log the response of the service can be read when it was buffered, which any plugin can have asked for.
    name: 'service.response in log',
    verdict: 'sent',
    matches: ({ method, phase }) => method.startsWith('kong.service.response.') && phase === 'log',
  },
  {
    // The phase check of Kong lets it pass in log, and it works there for routes with a single protocol.
    name: 'client.get_protocol in log',
    verdict: 'PdkPhaseError',
    matches: ({ method, phase }) => method === 'kong.client.get_protocol' && phase === 'log',
  },
  {
    // In access Kong takes the body and fails when it writes it, so that the client gets the same 500 as in the other phases.
    name: 'NaN in a JSON body',
    verdict: 'PdkArgumentError',
    matches: ({ id }) => /^exit\.body\/.*_nan$/.test(id),
  },
  {
    // It exists in the stream subsystem only, which the PDK does not know to be in: in HTTP Kong does not find it and answers nil.
    name: 'service.request.disable_tls in HTTP',
    verdict: 'PdkPhaseError',
    matches: ({ method }) => method === 'kong.service.request.disable_tls',
  },
  {
    // Kong raises when a log call has nothing but nil. The PDK then sends the text that Lua prints for nil, or an empty text.
    name: 'nothing to log',
    verdict: 'sent',
    matches: ({ method, args }) => /^kong\.log\.(notice|inspect)$/.test(method) && Array.isArray(args) && args.every(isNil),
  },
  {
    // Some tracing functions answer nil, some never answer. The functions of kong.table work on copies of what was sent. Kong 3.9.1 does not
    // find the other names.
    name: 'names that no external plugin can use',
    verdict: 'PdkArgumentError',
    matches: ({ method }) => /^kong\.(table|tracing|websocket|nginx\.shared|service\.request\.enable_tls|vault\.flush)\b/.test(method),
  },
]

function isNil(value: unknown): boolean {
  return value === undefined || value === null
}

function limitOf(args: unknown): unknown {
  return Array.isArray(args) ? (args[0] ?? undefined) : undefined
}

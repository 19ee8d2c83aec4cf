import { PdkProtocolError } from './pdk-protocol-error.js'

const OTHER_PROTOCOL = 'Start the plugin server with -protocol MsgPack:1 to use it.'

/** What to do instead of calls that ProtoBuf:1 has no message for, and no other call gives. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ['kong.cluster.get_id', OTHER_PROTOCOL],
  ['kong.client.tls.request_client_certificate', OTHER_PROTOCOL],
  ['kong.client.tls.disable_session_reuse', OTHER_PROTOCOL],
  ['kong.client.tls.set_client_verify', OTHER_PROTOCOL],
  [
    'kong.client.tls.get_full_client_certificate_chain',
    `The client's own certificate is kong.nginx.getVar('ssl_client_raw_cert'); for the whole chain, start with -protocol MsgPack:1.`,
  ],
  ['kong.log.emerg', 'Use kong.log.alert, the next level.'],
  ['kong.log.deprecation', 'Use kong.log.warn.'],
  ['kong.log.inspect', 'Use kong.log.debug, which prints objects.'],
  ['kong.log.inspect.on', 'Use kong.log.debug, which prints objects.'],
  ['kong.log.inspect.off', 'Use kong.log.debug, which prints objects.'],
  ['kong.log.set_format', 'Write the format into the text.'],
  ['kong.nginx.get_statistics', OTHER_PROTOCOL],
  ['kong.node.get_hostname', `Use hostname() of node:os: Kong and its plugin servers share a machine.`],
  [
    'kong.request.get_forwarded_path',
    `Use kong.request.getHeader('x-forwarded-path') where kong.ip.isTrusted(await kong.client.getIp()), else kong.request.getPath.`,
  ],
  [
    'kong.request.get_forwarded_prefix',
    `Use kong.request.getHeader('x-forwarded-prefix') where kong.ip.isTrusted(await kong.client.getIp()).`,
  ],
  ['kong.request.get_body', 'Use kong.request.json, text or getRawBody.'],
  ['kong.service.response.get_body', 'Use kong.service.response.json, text or getRawBody.'],
  ['kong.service.request.set_body', 'Use kong.service.request.setJson, or setRawBody with a Content-Type.'],
  ['kong.service.request.clear_query_arg', 'Use kong.request.getQuery and kong.service.request.setQuery.'],
  ['kong.service.request.enable_buffering', 'Give the plugin a response phase: Kong then buffers.'],
  ['kong.service.request.disable_tls', `Use kong.service.request.setScheme('http').`],
  ['kong.service.set_retries', 'Set retries on the service in Kong.'],
  ['kong.service.set_timeouts', 'Set the timeouts on the service in Kong.'],
  ['kong.service.set_tls_verify', 'Set tls_verify on the service in Kong.'],
  ['kong.service.set_tls_verify_depth', 'Set tls_verify_depth on the service in Kong.'],
  ['kong.table.new', 'Use an object.'],
  ['kong.table.clear', 'Use an object.'],
  ['kong.table.merge', 'Use an object with spread members.'],
  ['kong.telemetry.log', OTHER_PROTOCOL],
  ['kong.vault.get', 'Make it a field with referenceable: true, which Kong resolves; or start with -protocol MsgPack:1.'],
  [
    'kong.vault.update',
    'Kong resolves referenceable fields when it starts the instance; to follow rotations, start with -protocol MsgPack:1.',
  ],
  ['kong.vault.is_reference', `Use text.startsWith('{vault://').`],
])

/** What to do instead of a call that ProtoBuf:1 does not have. */
export function insteadOf(method: string): string {
  return INSTEAD.get(method) ?? OTHER_PROTOCOL
}

/** The error of a call that ProtoBuf:1 does not have. */
export function missingCall(method: string): PdkProtocolError {
  return new PdkProtocolError(method, insteadOf(method))
}

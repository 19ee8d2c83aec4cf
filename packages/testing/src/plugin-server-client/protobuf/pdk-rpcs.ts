import {
  AUTHENTICATED_CREDENTIAL, AUTHENTICATE_ARGS, BOOL, BYTE_STRING, CONSUMER, CONSUMER_SPEC, EMPTY, EXIT_ARGS, INT, KV, LIST_VALUE, MEMORY_STATS, NUMBER,
  RAW_BODY_RESULT, ROUTE, SERVICE, STRING, STRUCT, TARGET, URI_CAPTURES_RESULT, VALUE,
} from './pdk-messages.js'
import type { ProtoMessage } from './proto-message.js'

/** The messages of one PDK method. */
export interface PdkRpc {
  readonly input: ProtoMessage
  readonly output: ProtoMessage
}

const rpc = (input: ProtoMessage, output: ProtoMessage): PdkRpc => ({ input, output })
const getsText = rpc(EMPTY, STRING)
const getsInteger = rpc(EMPTY, INT)
const takesText = rpc(STRING, EMPTY)
const takesPair = rpc(KV, EMPTY)
const textForText = rpc(STRING, STRING)
const logs = rpc(LIST_VALUE, EMPTY)

/** Every PDK method that ProtoBuf:1 has in Kong 3.9, by its name on the wire. */
export const PDK_RPCS: ReadonlyMap<string, PdkRpc> = new Map([
  ['kong.client.get_ip', getsText],
  ['kong.client.get_forwarded_ip', getsText],
  ['kong.client.get_port', getsInteger],
  ['kong.client.get_forwarded_port', getsInteger],
  ['kong.client.get_credential', rpc(EMPTY, AUTHENTICATED_CREDENTIAL)],
  ['kong.client.load_consumer', rpc(CONSUMER_SPEC, CONSUMER)],
  ['kong.client.get_consumer', rpc(EMPTY, CONSUMER)],
  ['kong.client.authenticate', rpc(AUTHENTICATE_ARGS, EMPTY)],
  ['kong.client.get_protocol', rpc(BOOL, STRING)],
  ['kong.ctx.shared.set', takesPair],
  ['kong.ctx.shared.get', rpc(STRING, VALUE)],
  ['kong.ip.is_trusted', rpc(STRING, BOOL)],
  ['kong.log.alert', logs],
  ['kong.log.crit', logs],
  ['kong.log.err', logs],
  ['kong.log.warn', logs],
  ['kong.log.notice', logs],
  ['kong.log.info', logs],
  ['kong.log.debug', logs],
  ['kong.log.set_serialize_value', takesPair],
  ['kong.log.serialize', getsText],
  ['kong.nginx.get_var', textForText],
  ['kong.nginx.get_tls1_version_str', getsText],
  ['kong.nginx.set_ctx', rpc(KV, STRING)],
  ['kong.nginx.get_ctx', rpc(STRING, VALUE)],
  ['kong.nginx.req_start_time', rpc(EMPTY, NUMBER)],
  ['kong.nginx.get_subsystem', getsText],
  ['kong.node.get_id', getsText],
  ['kong.node.get_memory_stats', rpc(EMPTY, MEMORY_STATS)],
  ['kong.request.get_scheme', getsText],
  ['kong.request.get_host', getsText],
  ['kong.request.get_port', getsInteger],
  ['kong.request.get_forwarded_scheme', getsText],
  ['kong.request.get_forwarded_host', getsText],
  ['kong.request.get_forwarded_port', getsInteger],
  ['kong.request.get_http_version', rpc(EMPTY, NUMBER)],
  ['kong.request.get_method', getsText],
  ['kong.request.get_path', getsText],
  ['kong.request.get_path_with_query', getsText],
  ['kong.request.get_raw_query', getsText],
  ['kong.request.get_query_arg', textForText],
  ['kong.request.get_query', rpc(INT, STRUCT)],
  ['kong.request.get_header', textForText],
  ['kong.request.get_headers', rpc(INT, STRUCT)],
  ['kong.request.get_raw_body', rpc(EMPTY, RAW_BODY_RESULT)],
  ['kong.request.get_uri_captures', rpc(EMPTY, URI_CAPTURES_RESULT)],
  ['kong.response.get_status', getsInteger],
  ['kong.response.get_header', textForText],
  ['kong.response.get_headers', rpc(INT, STRUCT)],
  ['kong.response.get_source', getsText],
  ['kong.response.set_status', rpc(INT, EMPTY)],
  ['kong.response.set_header', takesPair],
  ['kong.response.add_header', takesPair],
  ['kong.response.clear_header', takesText],
  ['kong.response.set_headers', rpc(STRUCT, EMPTY)],
  ['kong.response.exit', rpc(EXIT_ARGS, EMPTY)],
  ['kong.router.get_route', rpc(EMPTY, ROUTE)],
  ['kong.router.get_service', rpc(EMPTY, SERVICE)],
  ['kong.service.set_upstream', rpc(STRING, BOOL)],
  ['kong.service.set_target', rpc(TARGET, EMPTY)],
  ['kong.service.request.set_scheme', takesText],
  ['kong.service.request.set_path', takesText],
  ['kong.service.request.set_raw_query', takesText],
  ['kong.service.request.set_method', takesText],
  ['kong.service.request.set_query', rpc(STRUCT, EMPTY)],
  ['kong.service.request.set_header', takesPair],
  ['kong.service.request.add_header', takesPair],
  ['kong.service.request.clear_header', takesText],
  ['kong.service.request.set_headers', rpc(STRUCT, EMPTY)],
  ['kong.service.request.set_raw_body', rpc(BYTE_STRING, EMPTY)],
  ['kong.service.response.get_status', getsInteger],
  ['kong.service.response.get_headers', rpc(INT, STRUCT)],
  ['kong.service.response.get_header', textForText],
  ['kong.service.response.get_raw_body', rpc(EMPTY, BYTE_STRING)],
])

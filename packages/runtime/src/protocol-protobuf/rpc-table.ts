import * as takes from './argument-shapes.js'
import * as gives from './result-shapes.js'

/** How one PDK function of ProtoBuf:1 is called. Its rpc in plugin-server.proto has the same two messages. */
export interface Rpc {
  readonly takes: takes.ArgumentShape
  readonly gives: gives.ResultShape
}

function rpc(argumentShape: takes.ArgumentShape, resultShape: gives.ResultShape): Rpc {
  return { takes: argumentShape, gives: resultShape }
}

const { NO_ARGUMENTS, oneText } = takes
const { NO_RESULT } = gives

/** Every PDK function that ProtoBuf:1 carries, by Kong's name. */
export const RPC_TABLE: ReadonlyMap<string, Rpc> = new Map(
  Object.entries({
    'kong.client.get_ip': rpc(NO_ARGUMENTS, gives.TEXT),
    'kong.client.get_forwarded_ip': rpc(NO_ARGUMENTS, gives.TEXT),
    'kong.client.get_port': rpc(NO_ARGUMENTS, gives.WHOLE),
    'kong.client.get_forwarded_port': rpc(NO_ARGUMENTS, gives.WHOLE_OR_NIL),
    'kong.client.get_credential': rpc(NO_ARGUMENTS, gives.CREDENTIAL),
    'kong.client.load_consumer': rpc(takes.CONSUMER_QUESTION, gives.CONSUMER),
    'kong.client.get_consumer': rpc(NO_ARGUMENTS, gives.CONSUMER),
    'kong.client.authenticate': rpc(takes.AUTHENTICATION, NO_RESULT),
    'kong.client.get_protocol': rpc(takes.FLAG, gives.TEXT_OR_NIL),
    'kong.ctx.shared.get': rpc(oneText('k'), gives.ANY),
    'kong.ctx.shared.set': rpc(takes.STORED, NO_RESULT),
    'kong.ip.is_trusted': rpc(oneText('address'), gives.FLAG),
    'kong.log.debug': rpc(takes.LOG_PARTS, NO_RESULT),
    'kong.log.info': rpc(takes.LOG_PARTS, NO_RESULT),
    'kong.log.notice': rpc(takes.LOG_PARTS, NO_RESULT),
    'kong.log.warn': rpc(takes.LOG_PARTS, NO_RESULT),
    'kong.log.err': rpc(takes.LOG_PARTS, NO_RESULT),
    'kong.log.crit': rpc(takes.LOG_PARTS, NO_RESULT),
    'kong.log.alert': rpc(takes.LOG_PARTS, NO_RESULT),
    'kong.log.set_serialize_value': rpc(takes.SERIALIZED, NO_RESULT),
    'kong.log.serialize': rpc(NO_ARGUMENTS, gives.TEXT_OR_NIL),
    'kong.nginx.get_subsystem': rpc(NO_ARGUMENTS, gives.TEXT),
    'kong.nginx.get_var': rpc(oneText('name'), gives.TEXT_OR_NIL),
    'kong.nginx.get_tls1_version_str': rpc(NO_ARGUMENTS, gives.TEXT_OR_NIL),
    'kong.nginx.get_ctx': rpc(oneText('k'), gives.ANY),
    'kong.nginx.set_ctx': rpc(takes.STORED, gives.IGNORED_TEXT),
    'kong.nginx.req_start_time': rpc(NO_ARGUMENTS, gives.REAL_OR_NIL),
    'kong.node.get_id': rpc(NO_ARGUMENTS, gives.TEXT),
    'kong.node.get_memory_stats': rpc(NO_ARGUMENTS, gives.MEMORY),
    'kong.request.get_scheme': rpc(NO_ARGUMENTS, gives.TEXT),
    'kong.request.get_host': rpc(NO_ARGUMENTS, gives.TEXT),
    'kong.request.get_port': rpc(NO_ARGUMENTS, gives.WHOLE),
    'kong.request.get_forwarded_scheme': rpc(NO_ARGUMENTS, gives.TEXT),
    'kong.request.get_forwarded_host': rpc(NO_ARGUMENTS, gives.TEXT),
    'kong.request.get_forwarded_port': rpc(NO_ARGUMENTS, gives.WHOLE),
    'kong.request.get_http_version': rpc(NO_ARGUMENTS, gives.REAL_OR_NIL),
    'kong.request.get_method': rpc(NO_ARGUMENTS, gives.TEXT),
    'kong.request.get_path': rpc(NO_ARGUMENTS, gives.TEXT),
    'kong.request.get_path_with_query': rpc(NO_ARGUMENTS, gives.TEXT),
    'kong.request.get_raw_query': rpc(NO_ARGUMENTS, gives.TEXT),
    'kong.request.get_query_arg': rpc(oneText('name'), gives.TEXT_OR_NIL),
    'kong.request.get_query': rpc(takes.MAXIMUM, gives.MULTI_MAP),
    'kong.request.get_header': rpc(oneText('name'), gives.TEXT_OR_NIL),
    'kong.request.get_headers': rpc(takes.MAXIMUM, gives.MULTI_MAP),
    'kong.request.get_raw_body': rpc(NO_ARGUMENTS, gives.REQUEST_BODY),
    'kong.request.get_uri_captures': rpc(NO_ARGUMENTS, gives.CAPTURES),
    'kong.response.get_status': rpc(NO_ARGUMENTS, gives.WHOLE),
    'kong.response.get_header': rpc(oneText('name'), gives.TEXT_OR_NIL),
    'kong.response.get_headers': rpc(takes.MAXIMUM, gives.MULTI_MAP),
    'kong.response.get_source': rpc(NO_ARGUMENTS, gives.TEXT),
    'kong.response.set_status': rpc(takes.STATUS, NO_RESULT),
    'kong.response.set_header': rpc(takes.HEADER, NO_RESULT),
    'kong.response.add_header': rpc(takes.HEADER, NO_RESULT),
    'kong.response.clear_header': rpc(oneText('name'), NO_RESULT),
    'kong.response.set_headers': rpc(takes.HEADERS, NO_RESULT),
    'kong.response.exit': rpc(takes.EXIT, NO_RESULT),
    'kong.router.get_route': rpc(NO_ARGUMENTS, gives.ROUTE),
    'kong.router.get_service': rpc(NO_ARGUMENTS, gives.SERVICE),
    'kong.service.set_upstream': rpc(oneText('host'), gives.FLAG_OR_NIL),
    'kong.service.set_target': rpc(takes.TARGET, NO_RESULT),
    'kong.service.request.set_scheme': rpc(oneText('scheme'), NO_RESULT),
    'kong.service.request.set_path': rpc(oneText('path'), NO_RESULT),
    'kong.service.request.set_raw_query': rpc(oneText('query'), NO_RESULT),
    'kong.service.request.set_method': rpc(oneText('method'), NO_RESULT),
    'kong.service.request.set_query': rpc(takes.QUERY, NO_RESULT),
    'kong.service.request.set_header': rpc(takes.HEADER, NO_RESULT),
    'kong.service.request.add_header': rpc(takes.HEADER, NO_RESULT),
    'kong.service.request.clear_header': rpc(oneText('header'), NO_RESULT),
    'kong.service.request.set_headers': rpc(takes.HEADERS, NO_RESULT),
    'kong.service.request.set_raw_body': rpc(takes.BODY, NO_RESULT),
    'kong.service.response.get_status': rpc(NO_ARGUMENTS, gives.WHOLE_OR_NIL),
    'kong.service.response.get_header': rpc(oneText('name'), gives.TEXT_OR_NIL),
    'kong.service.response.get_headers': rpc(takes.MAXIMUM, gives.MULTI_MAP),
    'kong.service.response.get_raw_body': rpc(NO_ARGUMENTS, gives.BYTES_OR_NIL),
  }),
)

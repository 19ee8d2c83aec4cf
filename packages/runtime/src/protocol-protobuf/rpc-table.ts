import * as takes from './argument-shapes.js'
import * as gives from './result-shapes.js'

/** One PDK function of ProtoBuf:1. */
export interface Rpc {
  /** Its name in `MESSAGE_DEFINITIONS`. */
  readonly name: string
  readonly takes: takes.ArgumentShape
  readonly gives: gives.ResultShape
}

function rpc(name: string, argumentShape: takes.ArgumentShape, resultShape: gives.ResultShape): Rpc {
  return { name, takes: argumentShape, gives: resultShape }
}

const { NO_ARGUMENTS, oneText } = takes
const { NO_RESULT } = gives

/** Every PDK function that ProtoBuf:1 carries, by Kong's name. */
export const RPC_TABLE: ReadonlyMap<string, Rpc> = new Map(
  Object.entries({
    'kong.client.get_ip': rpc('Client_GetIp', NO_ARGUMENTS, gives.TEXT),
    'kong.client.get_forwarded_ip': rpc('Client_GetForwardedIp', NO_ARGUMENTS, gives.TEXT),
    'kong.client.get_port': rpc('Client_GetPort', NO_ARGUMENTS, gives.WHOLE),
    'kong.client.get_forwarded_port': rpc('Client_GetForwardedPort', NO_ARGUMENTS, gives.WHOLE_OR_NIL),
    'kong.client.get_credential': rpc('Client_GetCredential', NO_ARGUMENTS, gives.CREDENTIAL),
    'kong.client.load_consumer': rpc('Client_LoadConsumer', takes.CONSUMER_QUESTION, gives.CONSUMER),
    'kong.client.get_consumer': rpc('Client_GetConsumer', NO_ARGUMENTS, gives.CONSUMER),
    'kong.client.authenticate': rpc('Client_Authenticate', takes.AUTHENTICATION, NO_RESULT),
    'kong.client.get_protocol': rpc('Client_GetProtocol', takes.FLAG, gives.TEXT_OR_NIL),
    'kong.ctx.shared.get': rpc('Ctx_GetShared', oneText('k'), gives.ANY),
    'kong.ctx.shared.set': rpc('Ctx_SetShared', takes.STORED, NO_RESULT),
    'kong.ip.is_trusted': rpc('Ip_IsTrusted', oneText('address'), gives.FLAG),
    'kong.log.debug': rpc('Log_Debug', takes.LOG_PARTS, NO_RESULT),
    'kong.log.info': rpc('Log_Info', takes.LOG_PARTS, NO_RESULT),
    'kong.log.notice': rpc('Log_Notice', takes.LOG_PARTS, NO_RESULT),
    'kong.log.warn': rpc('Log_Warn', takes.LOG_PARTS, NO_RESULT),
    'kong.log.err': rpc('Log_Err', takes.LOG_PARTS, NO_RESULT),
    'kong.log.crit': rpc('Log_Crit', takes.LOG_PARTS, NO_RESULT),
    'kong.log.alert': rpc('Log_Alert', takes.LOG_PARTS, NO_RESULT),
    'kong.log.set_serialize_value': rpc('Log_SetSerializeValue', takes.SERIALIZED, NO_RESULT),
    'kong.log.serialize': rpc('Log_Serialize', NO_ARGUMENTS, gives.TEXT_OR_NIL),
    'kong.nginx.get_subsystem': rpc('Nginx_GetSubsystem', NO_ARGUMENTS, gives.TEXT),
    'kong.nginx.get_var': rpc('Nginx_GetVar', oneText('name'), gives.TEXT_OR_NIL),
    'kong.nginx.get_tls1_version_str': rpc('Nginx_GetTls1VersionStr', NO_ARGUMENTS, gives.TEXT_OR_NIL),
    'kong.nginx.get_ctx': rpc('Nginx_GetCtx', oneText('k'), gives.ANY),
    'kong.nginx.set_ctx': rpc('Nginx_SetCtx', takes.STORED, gives.TEXT_THAT_MEANS_NOTHING),
    'kong.nginx.req_start_time': rpc('Nginx_ReqStartTime', NO_ARGUMENTS, gives.REAL_OR_NIL),
    'kong.node.get_id': rpc('Node_GetId', NO_ARGUMENTS, gives.TEXT),
    'kong.node.get_memory_stats': rpc('Node_GetMemoryStats', NO_ARGUMENTS, gives.MEMORY),
    'kong.request.get_scheme': rpc('Request_GetScheme', NO_ARGUMENTS, gives.TEXT),
    'kong.request.get_host': rpc('Request_GetHost', NO_ARGUMENTS, gives.TEXT),
    'kong.request.get_port': rpc('Request_GetPort', NO_ARGUMENTS, gives.WHOLE),
    'kong.request.get_forwarded_scheme': rpc('Request_GetForwardedScheme', NO_ARGUMENTS, gives.TEXT),
    'kong.request.get_forwarded_host': rpc('Request_GetForwardedHost', NO_ARGUMENTS, gives.TEXT),
    'kong.request.get_forwarded_port': rpc('Request_GetForwardedPort', NO_ARGUMENTS, gives.WHOLE),
    'kong.request.get_http_version': rpc('Request_GetHttpVersion', NO_ARGUMENTS, gives.REAL_OR_NIL),
    'kong.request.get_method': rpc('Request_GetMethod', NO_ARGUMENTS, gives.TEXT),
    'kong.request.get_path': rpc('Request_GetPath', NO_ARGUMENTS, gives.TEXT),
    'kong.request.get_path_with_query': rpc('Request_GetPathWithQuery', NO_ARGUMENTS, gives.TEXT),
    'kong.request.get_raw_query': rpc('Request_GetRawQuery', NO_ARGUMENTS, gives.TEXT),
    'kong.request.get_query_arg': rpc('Request_GetQueryArg', oneText('name'), gives.TEXT_OR_NIL),
    'kong.request.get_query': rpc('Request_GetQuery', takes.MAXIMUM, gives.MULTI_MAP),
    'kong.request.get_header': rpc('Request_GetHeader', oneText('name'), gives.TEXT_OR_NIL),
    'kong.request.get_headers': rpc('Request_GetHeaders', takes.MAXIMUM, gives.MULTI_MAP),
    'kong.request.get_raw_body': rpc('Request_GetRawBody', NO_ARGUMENTS, gives.REQUEST_BODY),
    'kong.request.get_uri_captures': rpc('Request_GetUriCaptures', NO_ARGUMENTS, gives.CAPTURES),
    'kong.response.get_status': rpc('Response_GetStatus', NO_ARGUMENTS, gives.WHOLE),
    'kong.response.get_header': rpc('Response_GetHeader', oneText('name'), gives.TEXT_OR_NIL),
    'kong.response.get_headers': rpc('Response_GetHeaders', takes.MAXIMUM, gives.MULTI_MAP),
    'kong.response.get_source': rpc('Response_GetSource', NO_ARGUMENTS, gives.TEXT),
    'kong.response.set_status': rpc('Response_SetStatus', takes.STATUS, NO_RESULT),
    'kong.response.set_header': rpc('Response_SetHeader', takes.HEADER, NO_RESULT),
    'kong.response.add_header': rpc('Response_AddHeader', takes.HEADER, NO_RESULT),
    'kong.response.clear_header': rpc('Response_ClearHeader', oneText('name'), NO_RESULT),
    'kong.response.set_headers': rpc('Response_SetHeaders', takes.HEADERS, NO_RESULT),
    'kong.response.exit': rpc('Response_Exit', takes.EXIT, NO_RESULT),
    'kong.router.get_route': rpc('Router_GetRoute', NO_ARGUMENTS, gives.ROUTE),
    'kong.router.get_service': rpc('Router_GetService', NO_ARGUMENTS, gives.SERVICE),
    'kong.service.set_upstream': rpc('Service_SetUpstream', oneText('host'), gives.FLAG_OR_NIL),
    'kong.service.set_target': rpc('Service_SetTarget', takes.TARGET, NO_RESULT),
    'kong.service.request.set_scheme': rpc('Service_Request_SetScheme', oneText('scheme'), NO_RESULT),
    'kong.service.request.set_path': rpc('Service_Request_SetPath', oneText('path'), NO_RESULT),
    'kong.service.request.set_raw_query': rpc('Service_Request_SetRawQuery', oneText('query'), NO_RESULT),
    'kong.service.request.set_method': rpc('Service_Request_SetMethod', oneText('method'), NO_RESULT),
    'kong.service.request.set_query': rpc('Service_Request_SetQuery', takes.QUERY, NO_RESULT),
    'kong.service.request.set_header': rpc('Service_Request_SetHeader', takes.HEADER, NO_RESULT),
    'kong.service.request.add_header': rpc('Service_Request_AddHeader', takes.HEADER, NO_RESULT),
    'kong.service.request.clear_header': rpc('Service_Request_ClearHeader', oneText('header'), NO_RESULT),
    'kong.service.request.set_headers': rpc('Service_Request_SetHeaders', takes.HEADERS, NO_RESULT),
    'kong.service.request.set_raw_body': rpc('Service_Request_SetRawBody', takes.BODY, NO_RESULT),
    'kong.service.response.get_status': rpc('Service_Response_GetStatus', NO_ARGUMENTS, gives.WHOLE_OR_NIL),
    'kong.service.response.get_header': rpc('Service_Response_GetHeader', oneText('name'), gives.TEXT_OR_NIL),
    'kong.service.response.get_headers': rpc('Service_Response_GetHeaders', takes.MAXIMUM, gives.MULTI_MAP),
    'kong.service.response.get_raw_body': rpc('Service_Response_GetRawBody', NO_ARGUMENTS, gives.BYTES_OR_NIL),
  }),
)

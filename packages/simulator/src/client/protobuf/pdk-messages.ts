import { map, message, oneOf, type ProtoMessage, repeated, single } from './proto-message.js'

// The messages of ProtoBuf:1. Both sides must use the same field numbers.

export const EMPTY = message('Empty', () => [])

export const VALUE: ProtoMessage = message('Value', () => [
  oneOf('null_value', 1, 'enum'),
  oneOf('number_value', 2, 'double'),
  oneOf('string_value', 3, 'string'),
  oneOf('bool_value', 4, 'bool'),
  oneOf('struct_value', 5, STRUCT),
  oneOf('list_value', 6, LIST_VALUE),
])
export const STRUCT: ProtoMessage = message('Struct', () => [map('fields', 1, VALUE)])
export const LIST_VALUE: ProtoMessage = message('ListValue', () => [repeated('values', 1, VALUE)])

export const KV = message('KV', () => [single('k', 1, 'string'), single('v', 2, VALUE)])
export const BOOL = message('Bool', () => [single('v', 1, 'bool')])
export const INT = message('Int', () => [single('v', 1, 'int32')])
export const NUMBER = message('Number', () => [single('v', 1, 'double')])
export const STRING = message('String', () => [single('v', 1, 'string')])
export const BYTE_STRING = message('ByteString', () => [single('v', 1, 'bytes')])
export const EXIT_ARGS = message('ExitArgs', () => [single('status', 1, 'int32'), single('body', 2, 'bytes'), single('headers', 3, STRUCT)])
export const TARGET = message('Target', () => [single('host', 1, 'string'), single('port', 2, 'int32')])
export const CONSUMER_SPEC = message('ConsumerSpec', () => [single('id', 1, 'string'), single('by_username', 2, 'bool')])

export const RAW_BODY_RESULT = message('RawBodyResult', () => [
  oneOf('content', 1, 'bytes'),
  oneOf('body_filepath', 2, 'string'),
  oneOf('error', 3, 'string'),
])
export const URI_CAPTURES_RESULT = message('UriCapturesResult', () => [repeated('unnamed', 1, 'bytes'), map('named', 2, 'bytes')])

export const CONSUMER = message('Consumer', () => [
  single('id', 1, 'string'),
  single('created_at', 2, 'int64'),
  single('username', 3, 'string'),
  single('custom_id', 4, 'string'),
  repeated('tags', 5, 'string'),
])
export const AUTHENTICATED_CREDENTIAL = message('AuthenticatedCredential', () => [
  single('id', 1, 'string'),
  single('consumer_id', 2, 'string'),
])
export const AUTHENTICATE_ARGS = message('AuthenticateArgs', () => [
  single('consumer', 1, CONSUMER),
  single('credential', 2, AUTHENTICATED_CREDENTIAL),
])

const ENTITY_KEY = message('EntityKey', () => [single('id', 1, 'string')])

export const ROUTE = message('Route', () => [
  single('id', 1, 'string'),
  single('created_at', 2, 'int64'),
  single('updated_at', 3, 'int64'),
  single('name', 4, 'string'),
  repeated('protocols', 5, 'string'),
  repeated('methods', 6, 'string'),
  repeated('hosts', 7, 'string'),
  repeated('paths', 8, 'string'),
  repeated('headers', 9, 'string'),
  single('https_redirect_status_code', 10, 'int32'),
  single('regex_priority', 11, 'int32'),
  single('strip_path', 12, 'bool'),
  single('preserve_host', 13, 'bool'),
  repeated('snis', 14, 'string'),
  repeated('sources', 15, 'string'),
  repeated('destinations', 16, 'string'),
  repeated('tags', 17, 'string'),
  single('service', 18, ENTITY_KEY),
])

export const SERVICE = message('Service', () => [
  single('id', 1, 'string'),
  single('created_at', 2, 'int64'),
  single('updated_at', 3, 'int64'),
  single('name', 4, 'string'),
  single('retries', 5, 'int32'),
  single('protocol', 6, 'string'),
  single('host', 7, 'string'),
  single('port', 8, 'int32'),
  single('path', 9, 'string'),
  single('connect_timeout', 10, 'int32'),
  single('write_timeout', 11, 'int32'),
  single('read_timeout', 12, 'int32'),
  repeated('tags', 13, 'string'),
  single('client_certificate', 14, ENTITY_KEY),
])

const DICT_STATS = message('DictStats', () => [single('allocated_slabs', 1, 'int64'), single('capacity', 2, 'int64')])
export const MEMORY_STATS = message('MemoryStats', () => [
  single(
    'lua_shared_dicts',
    1,
    message('LuaSharedDicts', () => [single('kong', 1, DICT_STATS), single('kong_db_cache', 2, DICT_STATS)]),
  ),
  repeated(
    'workers_lua_vms',
    2,
    message('WorkerLuaVm', () => [single('http_allocated_gc', 1, 'int64'), single('pid', 2, 'int64')]),
  ),
])

/** The argument and result messages of one PDK method. */
export interface PdkRpc {
  readonly input: ProtoMessage
  readonly output: ProtoMessage
}

function rpc(input: ProtoMessage, output: ProtoMessage): PdkRpc {
  return { input, output }
}

const getsText = rpc(EMPTY, STRING)
const getsInteger = rpc(EMPTY, INT)
const takesText = rpc(STRING, EMPTY)
const takesPair = rpc(KV, EMPTY)
const textForText = rpc(STRING, STRING)
const logs = rpc(LIST_VALUE, EMPTY)

/** Every PDK method of ProtoBuf:1 in Kong 3.9, by its name on the wire. */
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

const START_INSTANCE = message('CmdStartInstance', () => [single('name', 1, 'string'), single('config', 2, 'bytes')])
const CLOSE_INSTANCE = message('CmdCloseInstance', () => [single('instance_id', 1, 'int32')])
const HANDLE_EVENT = message('CmdHandleEvent', () => [single('instance_id', 1, 'int32'), single('event_name', 2, 'string')])

/** The message that begins a call. */
export const RPC_CALL = message('RpcCall', () => [
  single('sequence', 1, 'int64'),
  oneOf('cmd_start_instance', 33, START_INSTANCE),
  oneOf('cmd_close_instance', 35, CLOSE_INSTANCE),
  oneOf('cmd_handle_event', 36, HANDLE_EVENT),
])

const INSTANCE_STATUS = message('InstanceStatus', () => [
  single('name', 1, 'string'),
  single('instance_id', 2, 'int32'),
  single('config', 3, VALUE),
  single('started_at', 4, 'int64'),
])

/** The message that ends a call. */
export const RPC_RETURN = message('RpcReturn', () => [single('sequence', 1, 'int64'), oneOf('instance_status', 33, INSTANCE_STATUS)])

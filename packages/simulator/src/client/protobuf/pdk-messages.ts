import { map, message, oneOf, repeated, single, type ProtoMessage } from './proto-message.js'

// The messages of ProtoBuf:1 with the numbers both sides have to agree on.

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

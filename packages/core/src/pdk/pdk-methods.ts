import { HTTP_METHODS } from './http-method.js'
import { ALL_PHASES, enterprise, helper, oss } from './pdk-method.js'
import { each, first, optional } from './rules/argument-check.js'
import { authenticate, clientVerify, loadConsumer } from './rules/client-rules.js'
import { headerMap, oneHeader } from './rules/header-rules.js'
import { logParts, serializeValue, variableName } from './rules/log-rules.js'
import { memoryStats, newTable, tableOrNil } from './rules/node-rules.js'
import { getBody, path, queryArguments, rawBodyLimit, setBody } from './rules/request-rules.js'
import { error, exit, status } from './rules/response-rules.js'
import { boolean, integerFrom, maximum, number, oneOf, table, tableKey, text } from './rules/value-rules.js'

// Phases in which Kong 3.9.1 does not raise: recorded answers in the phases of HTTP, Kong's own phase checks in the others. Kong's log
// handler runs in a timer without request, so what reads nginx variables or the request itself raises there.
const CERTIFICATE = ['certificate'] as const
const BEFORE_LOG = ['rewrite', 'access', 'response', 'preread'] as const
const REQUEST = ['rewrite', 'access', 'response'] as const
const REQUEST_AND_LOG = ['rewrite', 'access', 'response', 'log'] as const
const BEFORE_SERVICE = ['rewrite', 'access'] as const
const ACCESS = ['access'] as const
const FROM_ACCESS = ['access', 'response', 'log'] as const
const FROM_RESPONSE = ['response', 'log'] as const
const LOG = ['log'] as const
const WEBSOCKET = [] as const

const timeout = integerFrom(1, 2_147_483_646)

/**
 * Every method of the PDK by namespace and TypeScript name: Kong's name, the phases in which it may be called, and what Kong demands of
 * its arguments. Types, checks at run time and documentation all come from here.
 */
export const PDK_METHODS = {
  client: {
    getIp: oss('kong.client.get_ip', BEFORE_LOG),
    getForwardedIp: oss('kong.client.get_forwarded_ip', BEFORE_LOG),
    getPort: oss('kong.client.get_port', BEFORE_LOG),
    getForwardedPort: oss('kong.client.get_forwarded_port', BEFORE_LOG),
    getCredential: oss('kong.client.get_credential', FROM_ACCESS),
    loadConsumer: oss('kong.client.load_consumer', FROM_ACCESS, loadConsumer),
    getConsumer: oss('kong.client.get_consumer', FROM_ACCESS),
    authenticate: oss('kong.client.authenticate', ACCESS, authenticate),
    getProtocol: oss('kong.client.get_protocol', ['access', 'response']),
    getConsumerGroup: enterprise('kong.client.get_consumer_group', FROM_ACCESS),
    getConsumerGroups: enterprise('kong.client.get_consumer_groups', FROM_ACCESS),
    setAuthenticatedConsumerGroup: enterprise('kong.client.set_authenticated_consumer_group', FROM_ACCESS),
    setAuthenticatedConsumerGroups: enterprise('kong.client.set_authenticated_consumer_groups', FROM_ACCESS),
    authenticateConsumerGroupByConsumerId: enterprise('kong.client.authenticate_consumer_group_by_consumer_id', FROM_ACCESS),
  },
  'client.tls': {
    requestClientCertificate: oss('kong.client.tls.request_client_certificate', CERTIFICATE),
    disableSessionReuse: oss('kong.client.tls.disable_session_reuse', CERTIFICATE),
    getFullClientCertificateChain: oss('kong.client.tls.get_full_client_certificate_chain', REQUEST),
    setClientVerify: oss('kong.client.tls.set_client_verify', REQUEST, first('v', clientVerify)),
  },
  cluster: { getId: oss('kong.cluster.get_id', ALL_PHASES) },
  'ctx.shared': {
    get: oss('kong.ctx.shared.get', ALL_PHASES),
    set: oss('kong.ctx.shared.set', ALL_PHASES, first('k', tableKey)),
  },
  ip: { isTrusted: oss('kong.ip.is_trusted', ALL_PHASES, first('address', text)) },
  log: {
    log: oss('kong.log', ALL_PHASES, logParts),
    debug: oss('kong.log.debug', ALL_PHASES, logParts),
    info: oss('kong.log.info', ALL_PHASES, logParts),
    notice: oss('kong.log.notice', ALL_PHASES, logParts),
    warn: oss('kong.log.warn', ALL_PHASES, logParts),
    err: oss('kong.log.err', ALL_PHASES, logParts),
    crit: oss('kong.log.crit', ALL_PHASES, logParts),
    alert: oss('kong.log.alert', ALL_PHASES, logParts),
    emerg: oss('kong.log.emerg', ALL_PHASES, logParts),
    deprecation: oss('kong.log.deprecation', ALL_PHASES, logParts),
    inspect: oss('kong.log.inspect', ALL_PHASES, logParts),
    inspectOn: oss('kong.log.inspect.on', ALL_PHASES),
    inspectOff: oss('kong.log.inspect.off', ALL_PHASES),
    setFormat: oss('kong.log.set_format', ALL_PHASES, first('fmt', optional(text))),
    setSerializeValue: oss('kong.log.set_serialize_value', REQUEST_AND_LOG, serializeValue),
    serialize: oss('kong.log.serialize', LOG),
  },
  nginx: {
    getSubsystem: oss('kong.nginx.get_subsystem', ALL_PHASES),
    getStatistics: oss('kong.nginx.get_statistics', ALL_PHASES),
    getVar: oss('kong.nginx.get_var', BEFORE_LOG, first('name', variableName)),
    getTls1VersionStr: oss('kong.nginx.get_tls1_version_str', ALL_PHASES),
    getCtx: oss('kong.nginx.get_ctx', ALL_PHASES),
    setCtx: oss('kong.nginx.set_ctx', ALL_PHASES, first('k', tableKey)),
    reqStartTime: oss('kong.nginx.req_start_time', ALL_PHASES),
  },
  node: {
    getId: oss('kong.node.get_id', ALL_PHASES),
    getMemoryStats: oss('kong.node.get_memory_stats', ALL_PHASES, memoryStats),
    getHostname: oss('kong.node.get_hostname', ALL_PHASES),
  },
  plugin: { getId: oss('kong.plugin.get_id', ALL_PHASES) },
  request: {
    getScheme: oss('kong.request.get_scheme', REQUEST),
    getHost: oss('kong.request.get_host', REQUEST),
    getPort: oss('kong.request.get_port', BEFORE_LOG),
    getForwardedScheme: oss('kong.request.get_forwarded_scheme', REQUEST),
    getForwardedHost: oss('kong.request.get_forwarded_host', REQUEST),
    getForwardedPort: oss('kong.request.get_forwarded_port', REQUEST),
    getForwardedPath: oss('kong.request.get_forwarded_path', REQUEST),
    getForwardedPrefix: oss('kong.request.get_forwarded_prefix', REQUEST),
    getHttpVersion: oss('kong.request.get_http_version', REQUEST),
    getMethod: oss('kong.request.get_method', REQUEST),
    getPath: oss('kong.request.get_path', REQUEST),
    getRawPath: oss('kong.request.get_raw_path', REQUEST),
    getPathWithQuery: oss('kong.request.get_path_with_query', REQUEST),
    getRawQuery: oss('kong.request.get_raw_query', REQUEST),
    getQueryArg: oss('kong.request.get_query_arg', REQUEST, first('name', text)),
    getQuery: oss('kong.request.get_query', REQUEST, first('max_args', optional(maximum))),
    getHeader: oss('kong.request.get_header', REQUEST_AND_LOG, first('name', text)),
    getHeaders: oss('kong.request.get_headers', REQUEST_AND_LOG, first('max_headers', optional(maximum))),
    getRawBody: oss('kong.request.get_raw_body', REQUEST, rawBodyLimit),
    getBody: oss('kong.request.get_body', REQUEST, getBody),
    getStartTime: oss('kong.request.get_start_time', REQUEST_AND_LOG),
    getUriCaptures: oss('kong.request.get_uri_captures', REQUEST_AND_LOG),
    bytes: helper('kong.request.get_raw_body', REQUEST),
    text: helper('kong.request.get_raw_body', REQUEST),
    json: helper('kong.request.get_raw_body', REQUEST),
  },
  response: {
    getStatus: oss('kong.response.get_status', FROM_RESPONSE),
    getHeader: oss('kong.response.get_header', FROM_RESPONSE, first('name', text)),
    getHeaders: oss('kong.response.get_headers', FROM_RESPONSE, first('max_headers', optional(maximum))),
    getSource: oss('kong.response.get_source', FROM_RESPONSE),
    setStatus: oss('kong.response.set_status', REQUEST, first('status', status)),
    setHeader: oss('kong.response.set_header', REQUEST, oneHeader('name')),
    addHeader: oss('kong.response.add_header', REQUEST, oneHeader('name')),
    clearHeader: oss('kong.response.clear_header', REQUEST, first('name', text)),
    setHeaders: oss('kong.response.set_headers', REQUEST, first('headers', headerMap)),
    exit: oss('kong.response.exit', BEFORE_LOG, exit),
    error: oss('kong.response.error', REQUEST, error),
    bytes: helper('kong.response.exit', REQUEST, exit),
    text: helper('kong.response.exit', REQUEST, exit),
    json: helper('kong.response.exit', REQUEST, exit),
  },
  router: {
    getRoute: oss('kong.router.get_route', FROM_ACCESS),
    getService: oss('kong.router.get_service', FROM_ACCESS),
  },
  service: {
    setUpstream: oss('kong.service.set_upstream', ACCESS, first('host', text)),
    setTarget: oss('kong.service.set_target', ['access', 'preread'], each(['host', text], ['port', integerFrom(0, 65_535)])),
    setRetries: oss('kong.service.set_retries', ACCESS, first('retries', integerFrom(0, 32_767))),
    setTimeouts: oss(
      'kong.service.set_timeouts',
      ACCESS,
      each(['connect_timeout', timeout], ['write_timeout', timeout], ['read_timeout', timeout]),
    ),
    setTlsVerify: oss('kong.service.set_tls_verify', ['rewrite', 'access', 'preread'], first('on', boolean)),
    setTlsVerifyDepth: oss('kong.service.set_tls_verify_depth', ['rewrite', 'access', 'preread'], first('depth', number)),
  },
  'service.request': {
    enableBuffering: oss('kong.service.request.enable_buffering', BEFORE_SERVICE),
    setScheme: oss('kong.service.request.set_scheme', BEFORE_SERVICE, first('scheme', oneOf('http', 'https'))),
    setPath: oss('kong.service.request.set_path', BEFORE_SERVICE, first('path', path)),
    setRawQuery: oss('kong.service.request.set_raw_query', BEFORE_SERVICE, first('query', text)),
    setMethod: oss('kong.service.request.set_method', BEFORE_SERVICE, first('method', oneOf(...HTTP_METHODS))),
    setQuery: oss('kong.service.request.set_query', BEFORE_SERVICE, first('args', queryArguments)),
    clearQueryArg: oss('kong.service.request.clear_query_arg', BEFORE_SERVICE, first('name', text)),
    setHeader: oss('kong.service.request.set_header', BEFORE_SERVICE, oneHeader('header')),
    addHeader: oss('kong.service.request.add_header', BEFORE_SERVICE, oneHeader('header')),
    clearHeader: oss('kong.service.request.clear_header', BEFORE_SERVICE, first('header', text)),
    setHeaders: oss('kong.service.request.set_headers', BEFORE_SERVICE, first('headers', headerMap)),
    setRawBody: oss('kong.service.request.set_raw_body', BEFORE_SERVICE, first('body', text)),
    setBody: oss('kong.service.request.set_body', BEFORE_SERVICE, setBody),
    setJson: helper('kong.service.request.set_raw_body', BEFORE_SERVICE, first('body', text)),
    disableTls: oss('kong.service.request.disable_tls', ['preread']),
  },
  'service.response': {
    getStatus: oss('kong.service.response.get_status', FROM_RESPONSE),
    getHeaders: oss('kong.service.response.get_headers', FROM_RESPONSE, first('max_headers', optional(maximum))),
    getHeader: oss('kong.service.response.get_header', FROM_RESPONSE, first('name', text)),
    getRawBody: oss('kong.service.response.get_raw_body', FROM_RESPONSE),
    getBody: oss('kong.service.response.get_body', FROM_RESPONSE, getBody),
    bytes: helper('kong.service.response.get_raw_body', FROM_RESPONSE),
    text: helper('kong.service.response.get_raw_body', FROM_RESPONSE),
    json: helper('kong.service.response.get_raw_body', FROM_RESPONSE),
  },
  table: {
    new: oss('kong.table.new', ALL_PHASES, newTable),
    clear: oss('kong.table.clear', ALL_PHASES, first('tab', table)),
    merge: oss('kong.table.merge', ALL_PHASES, each(['t1', tableOrNil], ['t2', tableOrNil])),
  },
  telemetry: { log: oss('kong.telemetry.log', ALL_PHASES) },
  vault: {
    isReference: oss('kong.vault.is_reference', ALL_PHASES),
    parseReference: oss('kong.vault.parse_reference', ALL_PHASES),
    get: oss('kong.vault.get', ALL_PHASES),
    update: oss('kong.vault.update', ALL_PHASES),
    flush: oss('kong.vault.flush', ALL_PHASES),
    initWorker: oss('kong.vault.init_worker', ALL_PHASES),
    warmup: oss('kong.vault.warmup', ALL_PHASES, first('input', table)),
  },
  'enterpriseEdition.jwe': {
    decode: enterprise('kong.enterprise_edition.jwe.decode', ALL_PHASES),
    decrypt: enterprise('kong.enterprise_edition.jwe.decrypt', ALL_PHASES),
    encrypt: enterprise('kong.enterprise_edition.jwe.encrypt', ALL_PHASES),
  },
  'websocket.client': {
    getFrame: enterprise('kong.websocket.client.get_frame', WEBSOCKET),
    setFrameData: enterprise('kong.websocket.client.set_frame_data', WEBSOCKET),
    setStatus: enterprise('kong.websocket.client.set_status', WEBSOCKET),
    dropFrame: enterprise('kong.websocket.client.drop_frame', WEBSOCKET),
    close: enterprise('kong.websocket.client.close', WEBSOCKET),
    setMaxPayloadSize: enterprise('kong.websocket.client.set_max_payload_size', WEBSOCKET),
  },
  'websocket.upstream': {
    getFrame: enterprise('kong.websocket.upstream.get_frame', WEBSOCKET),
    setFrameData: enterprise('kong.websocket.upstream.set_frame_data', WEBSOCKET),
    setStatus: enterprise('kong.websocket.upstream.set_status', WEBSOCKET),
    dropFrame: enterprise('kong.websocket.upstream.drop_frame', WEBSOCKET),
    close: enterprise('kong.websocket.upstream.close', WEBSOCKET),
    setMaxPayloadSize: enterprise('kong.websocket.upstream.set_max_payload_size', WEBSOCKET),
  },
} as const

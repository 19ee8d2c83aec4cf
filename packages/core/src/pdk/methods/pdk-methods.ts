import { ALL_PHASES, enterprise, helper, oss, type ArgumentRules } from '../call/pdk-method.js'
import {
  headerMap,
  headerValue,
  anything,
  boolean,
  integerFrom,
  maximum,
  number,
  oneOf,
  optional,
  path,
  tableKey,
  tableOrNil,
  text,
} from '../rules/value-rules.js'
import {
  authenticate,
  clientVerify,
  loadConsumer,
  logParts,
  memoryStats,
  serializeKey,
  serializeOptions,
  variableName,
  errorContentType,
  errorMessage,
  errorStatus,
  exitBody,
  exitInPreread,
  status,
} from '../rules/function-rules.js'
import { HTTP_METHODS, getBody, queryArguments, rawBodyLimit, setBody } from '../rules/request-rules.js'

// Phases in which Kong 3.9.1 does not raise. The phases of HTTP come from recorded answers, the others from the phase checks in Kong. Kong
// runs external plugins in log from a timer that has no request, so functions that read the request or nginx variables raise there.
const CERTIFICATE = ['certificate'] as const
const BEFORE_LOG = ['rewrite', 'access', 'response', 'preread'] as const
const REQUEST = ['rewrite', 'access', 'response'] as const
const REQUEST_AND_LOG = ['rewrite', 'access', 'response', 'log'] as const
const BEFORE_SERVICE = ['rewrite', 'access'] as const
const ACCESS = ['access'] as const
const FROM_ACCESS = ['access', 'response', 'log'] as const
const FROM_RESPONSE = ['response', 'log'] as const
const LOG = ['log'] as const

const timeout = integerFrom(1, 2_147_483_646)
const NAME: ArgumentRules = { name: text }
const MAX_HEADERS: ArgumentRules = { max_headers: optional(maximum) }
const MESSAGE: ArgumentRules = { message: anything }
const EXIT: ArgumentRules = { status, body: exitBody, headers: optional(headerMap) }

/**
 * Every method of the PDK by namespace and TypeScript name: Kong's name, the phases in which it may be called, its arguments under Kong's
 * names with a rule for each, and a check of the arguments together where Kong has one. Types, checks at run time and the reference come
 * from this table.
 */
export const PDK_METHODS = {
  client: {
    getIp: oss('kong.client.get_ip', BEFORE_LOG),
    getForwardedIp: oss('kong.client.get_forwarded_ip', BEFORE_LOG),
    getPort: oss('kong.client.get_port', BEFORE_LOG),
    getForwardedPort: oss('kong.client.get_forwarded_port', BEFORE_LOG),
    getCredential: oss('kong.client.get_credential', FROM_ACCESS),
    loadConsumer: oss('kong.client.load_consumer', FROM_ACCESS, { consumer_id: text, search_by_username: anything }, loadConsumer),
    getConsumer: oss('kong.client.get_consumer', FROM_ACCESS),
    authenticate: oss('kong.client.authenticate', ACCESS, { consumer: tableOrNil, credential: tableOrNil }, authenticate),
    getProtocol: oss('kong.client.get_protocol', ['access', 'response'], { allow_terminated: anything }),
    getConsumerGroup: enterprise('kong.client.get_consumer_group', FROM_ACCESS),
    getConsumerGroups: enterprise('kong.client.get_consumer_groups', FROM_ACCESS),
    setAuthenticatedConsumerGroup: enterprise('kong.client.set_authenticated_consumer_group', FROM_ACCESS, { group: anything }),
    setAuthenticatedConsumerGroups: enterprise('kong.client.set_authenticated_consumer_groups', FROM_ACCESS, { groups: anything }),
    authenticateConsumerGroupByConsumerId: enterprise('kong.client.authenticate_consumer_group_by_consumer_id', FROM_ACCESS, {
      consumer_id: anything,
    }),
  },
  'client.tls': {
    requestClientCertificate: oss('kong.client.tls.request_client_certificate', CERTIFICATE),
    disableSessionReuse: oss('kong.client.tls.disable_session_reuse', CERTIFICATE),
    getFullClientCertificateChain: oss('kong.client.tls.get_full_client_certificate_chain', REQUEST),
    setClientVerify: oss('kong.client.tls.set_client_verify', REQUEST, { v: clientVerify }),
  },
  cluster: { getId: oss('kong.cluster.get_id', ALL_PHASES) },
  'ctx.shared': {
    get: oss('kong.ctx.shared.get', ALL_PHASES, { k: anything }),
    set: oss('kong.ctx.shared.set', ALL_PHASES, { k: tableKey, v: anything }),
  },
  ip: { isTrusted: oss('kong.ip.is_trusted', ALL_PHASES, { address: text }) },
  log: {
    log: oss('kong.log', ALL_PHASES, MESSAGE, logParts),
    debug: oss('kong.log.debug', ALL_PHASES, MESSAGE, logParts),
    info: oss('kong.log.info', ALL_PHASES, MESSAGE, logParts),
    notice: oss('kong.log.notice', ALL_PHASES, MESSAGE, logParts),
    warn: oss('kong.log.warn', ALL_PHASES, MESSAGE, logParts),
    err: oss('kong.log.err', ALL_PHASES, MESSAGE, logParts),
    crit: oss('kong.log.crit', ALL_PHASES, MESSAGE, logParts),
    alert: oss('kong.log.alert', ALL_PHASES, MESSAGE, logParts),
    emerg: oss('kong.log.emerg', ALL_PHASES, MESSAGE, logParts),
    deprecation: oss('kong.log.deprecation', ALL_PHASES, MESSAGE, logParts),
    inspect: oss('kong.log.inspect', ALL_PHASES, MESSAGE, logParts),
    inspectOn: oss('kong.log.inspect.on', ALL_PHASES),
    inspectOff: oss('kong.log.inspect.off', ALL_PHASES),
    setFormat: oss('kong.log.set_format', ALL_PHASES, { fmt: optional(text) }),
    setSerializeValue: oss('kong.log.set_serialize_value', REQUEST_AND_LOG, {
      key: serializeKey,
      value: anything,
      options: serializeOptions,
    }),
    serialize: oss('kong.log.serialize', LOG),
  },
  nginx: {
    getSubsystem: oss('kong.nginx.get_subsystem', ALL_PHASES),
    getStatistics: oss('kong.nginx.get_statistics', ALL_PHASES),
    getVar: oss('kong.nginx.get_var', BEFORE_LOG, { name: variableName }),
    getTls1VersionStr: oss('kong.nginx.get_tls1_version_str', ALL_PHASES),
    getCtx: oss('kong.nginx.get_ctx', ALL_PHASES, { k: anything }),
    setCtx: oss('kong.nginx.set_ctx', ALL_PHASES, { k: tableKey, v: anything }),
    reqStartTime: oss('kong.nginx.req_start_time', ALL_PHASES),
  },
  node: {
    getId: oss('kong.node.get_id', ALL_PHASES),
    getMemoryStats: oss('kong.node.get_memory_stats', ALL_PHASES, { unit: anything, scale: anything }, memoryStats),
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
    getQueryArg: oss('kong.request.get_query_arg', REQUEST, NAME),
    getQuery: oss('kong.request.get_query', REQUEST, { max_args: optional(maximum) }),
    getHeader: oss('kong.request.get_header', REQUEST_AND_LOG, NAME),
    getHeaders: oss('kong.request.get_headers', REQUEST_AND_LOG, MAX_HEADERS),
    getRawBody: oss('kong.request.get_raw_body', REQUEST, { max_allowed_file_size: rawBodyLimit }),
    getBody: oss('kong.request.get_body', REQUEST, { mimetype: anything, max_args: anything, max_allowed_file_size: anything }, getBody),
    getStartTime: oss('kong.request.get_start_time', REQUEST_AND_LOG),
    getUriCaptures: oss('kong.request.get_uri_captures', REQUEST_AND_LOG),
    bytes: helper('kong.request.get_raw_body', REQUEST),
    text: helper('kong.request.get_raw_body', REQUEST),
    json: helper('kong.request.get_raw_body', REQUEST),
  },
  response: {
    getStatus: oss('kong.response.get_status', FROM_RESPONSE),
    getHeader: oss('kong.response.get_header', FROM_RESPONSE, NAME),
    getHeaders: oss('kong.response.get_headers', FROM_RESPONSE, MAX_HEADERS),
    getSource: oss('kong.response.get_source', FROM_RESPONSE),
    setStatus: oss('kong.response.set_status', REQUEST, { status: status }),
    setHeader: oss('kong.response.set_header', REQUEST, { name: text, value: headerValue }),
    addHeader: oss('kong.response.add_header', REQUEST, { name: text, value: headerValue }),
    clearHeader: oss('kong.response.clear_header', REQUEST, NAME),
    setHeaders: oss('kong.response.set_headers', REQUEST, { headers: headerMap }),
    exit: oss('kong.response.exit', BEFORE_LOG, EXIT, exitInPreread),
    error: oss(
      'kong.response.error',
      REQUEST,
      { status: errorStatus, message: errorMessage, headers: optional(headerMap) },
      errorContentType,
    ),
    bytes: helper('kong.response.exit', REQUEST, EXIT),
    text: helper('kong.response.exit', REQUEST, EXIT),
    json: helper('kong.response.exit', REQUEST, EXIT),
  },
  router: {
    getRoute: oss('kong.router.get_route', FROM_ACCESS),
    getService: oss('kong.router.get_service', FROM_ACCESS),
  },
  service: {
    setUpstream: oss('kong.service.set_upstream', ACCESS, { host: text }),
    setTarget: oss('kong.service.set_target', ['access', 'preread'], { host: text, port: integerFrom(0, 65_535) }),
    setRetries: oss('kong.service.set_retries', ACCESS, { retries: integerFrom(0, 32_767) }),
    setTimeouts: oss('kong.service.set_timeouts', ACCESS, { connect_timeout: timeout, write_timeout: timeout, read_timeout: timeout }),
    setTlsVerify: oss('kong.service.set_tls_verify', ['rewrite', 'access', 'preread'], { on: boolean }),
    setTlsVerifyDepth: oss('kong.service.set_tls_verify_depth', ['rewrite', 'access', 'preread'], { depth: number }),
  },
  'service.request': {
    enableBuffering: oss('kong.service.request.enable_buffering', BEFORE_SERVICE),
    setScheme: oss('kong.service.request.set_scheme', BEFORE_SERVICE, { scheme: oneOf('http', 'https') }),
    setPath: oss('kong.service.request.set_path', BEFORE_SERVICE, { path: path }),
    setRawQuery: oss('kong.service.request.set_raw_query', BEFORE_SERVICE, { query: text }),
    setMethod: oss('kong.service.request.set_method', BEFORE_SERVICE, { method: oneOf(...HTTP_METHODS) }),
    setQuery: oss('kong.service.request.set_query', BEFORE_SERVICE, { args: queryArguments }),
    clearQueryArg: oss('kong.service.request.clear_query_arg', BEFORE_SERVICE, NAME),
    setHeader: oss('kong.service.request.set_header', BEFORE_SERVICE, { header: text, value: headerValue }),
    addHeader: oss('kong.service.request.add_header', BEFORE_SERVICE, { header: text, value: headerValue }),
    clearHeader: oss('kong.service.request.clear_header', BEFORE_SERVICE, { header: text }),
    setHeaders: oss('kong.service.request.set_headers', BEFORE_SERVICE, { headers: headerMap }),
    setRawBody: oss('kong.service.request.set_raw_body', BEFORE_SERVICE, { body: text }),
    setBody: oss('kong.service.request.set_body', BEFORE_SERVICE, { args: anything, mimetype: anything }, setBody),
    setJson: helper('kong.service.request.set_raw_body', BEFORE_SERVICE, { body: text }),
    disableTls: oss('kong.service.request.disable_tls', ['preread']),
  },
  'service.response': {
    getStatus: oss('kong.service.response.get_status', FROM_RESPONSE),
    getHeaders: oss('kong.service.response.get_headers', FROM_RESPONSE, MAX_HEADERS),
    getHeader: oss('kong.service.response.get_header', FROM_RESPONSE, NAME),
    getRawBody: oss('kong.service.response.get_raw_body', FROM_RESPONSE),
    getBody: oss('kong.service.response.get_body', FROM_RESPONSE, { mimetype: anything, max_args: anything }, getBody),
    bytes: helper('kong.service.response.get_raw_body', FROM_RESPONSE),
    text: helper('kong.service.response.get_raw_body', FROM_RESPONSE),
    json: helper('kong.service.response.get_raw_body', FROM_RESPONSE),
  },
  telemetry: {
    log: oss('kong.telemetry.log', ALL_PHASES, {
      plugin_name: anything,
      plugin_config: anything,
      message_type: anything,
      message: anything,
      attributes: anything,
    }),
  },
  vault: {
    isReference: oss('kong.vault.is_reference', ALL_PHASES, { reference: anything }),
    parseReference: oss('kong.vault.parse_reference', ALL_PHASES, { reference: anything }),
    get: oss('kong.vault.get', ALL_PHASES, { reference: anything }),
    update: oss('kong.vault.update', ALL_PHASES, { options: anything }),
  },
  'enterpriseEdition.jwe': {
    decode: enterprise('kong.enterprise_edition.jwe.decode', ALL_PHASES, { token: anything }),
    decrypt: enterprise('kong.enterprise_edition.jwe.decrypt', ALL_PHASES, { key: anything, token: anything }),
    encrypt: enterprise('kong.enterprise_edition.jwe.encrypt', ALL_PHASES, {
      alg: anything,
      enc: anything,
      key: anything,
      plaintext: anything,
      options: anything,
    }),
  },
} as const

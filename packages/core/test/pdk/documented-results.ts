/** Tells whether a result is as documented. */
export type Check = (result: unknown) => boolean

const string: Check = (result) => typeof result === 'string'
const number: Check = (result) => typeof result === 'number'
const boolean: Check = (result) => typeof result === 'boolean'
export const nothing: Check = (result) => result === undefined
const yes: Check = (result) => result === true
const bytes: Check = (result) => result instanceof Uint8Array
const anything: Check = () => true
const object: Check = (result) => typeof result === 'object' && result !== null
const orNothing =
  (check: Check): Check =>
  (result) =>
    nothing(result) || check(result)
const either =
  (...checks: readonly Check[]): Check =>
  (result) =>
    checks.some((check) => check(result))
const oneOf =
  (...values: readonly unknown[]): Check =>
  (result) =>
    values.includes(result)
const listOf =
  (check: Check): Check =>
  (result) =>
    Array.isArray(result) && result.every(check)
const mapOf =
  (check: Check): Check =>
  (result) =>
    typeof result === 'object' && result !== null && !Array.isArray(result) && Object.values(result).every(check)
const members =
  (checks: Readonly<Record<string, Check>>): Check =>
  (result) =>
    typeof result === 'object' && result !== null && Object.entries(checks).every(([name, check]) => check(Reflect.get(result, name)))

const multiMap = mapOf(listOf(string))
const table = either(object, nothing)
const memory = either(number, string)
const reference = members({ id: string })

const CREATED = { created_at: orNothing(number), updated_at: orNothing(number), tags: orNothing(listOf(string)) }
const ROUTE = members({
  id: string,
  name: orNothing(string),
  protocols: listOf(string),
  paths: orNothing(listOf(string)),
  hosts: orNothing(listOf(string)),
  methods: orNothing(listOf(string)),
  headers: orNothing(multiMap),
  https_redirect_status_code: number,
  regex_priority: number,
  strip_path: boolean,
  path_handling: oneOf('v0', 'v1'),
  preserve_host: boolean,
  request_buffering: boolean,
  response_buffering: boolean,
  service: orNothing(reference),
  ws_id: orNothing(string),
  ...CREATED,
})
const SERVICE = members({
  id: string,
  name: orNothing(string),
  protocol: string,
  host: string,
  port: number,
  path: orNothing(string),
  retries: number,
  connect_timeout: number,
  write_timeout: number,
  read_timeout: number,
  enabled: orNothing(boolean),
  tls_verify: orNothing(boolean),
  ...CREATED,
})
const CONSUMER = members({ id: string, username: orNothing(string), custom_id: orNothing(string), ...CREATED })
const CREDENTIAL = members({ id: string, consumer: orNothing(reference) })
const LOG = members({
  request: members({
    method: orNothing(string),
    uri: orNothing(string),
    url: orNothing(string),
    size: number,
    headers: object,
    querystring: object,
  }),
  response: members({ size: orNothing(number), headers: object }),
  tries: listOf(members({ ip: orNothing(string), port: orNothing(number) })),
  latencies: members({ kong: anything, proxy: anything, request: anything }),
  client_ip: orNothing(string),
  upstream_uri: orNothing(string),
  upstream_status: orNothing(string),
  started_at: anything,
  service: orNothing(object),
  route: orNothing(object),
  consumer: orNothing(object),
})

/** What each method is documented to give. Methods that answer nothing are not listed. */
export const DOCUMENTED_RESULTS: Readonly<Record<string, Check>> = {
  'kong.client.get_ip': string,
  'kong.client.get_forwarded_ip': string,
  'kong.client.get_port': number,
  'kong.client.get_forwarded_port': orNothing(number),
  'kong.client.get_credential': orNothing(CREDENTIAL),
  'kong.client.load_consumer': orNothing(CONSUMER),
  'kong.client.get_consumer': orNothing(CONSUMER),
  'kong.client.get_protocol': orNothing(string),
  'kong.client.tls.get_full_client_certificate_chain': orNothing(string),
  'kong.cluster.get_id': orNothing(string),
  'kong.ctx.shared.get': anything,
  'kong.ip.is_trusted': boolean,
  'kong.log.serialize': orNothing(LOG),
  'kong.nginx.get_subsystem': oneOf('http', 'stream'),
  'kong.nginx.get_var': orNothing(string),
  'kong.nginx.get_ctx': anything,
  'kong.nginx.get_statistics': members({
    connections_active: number,
    connections_reading: number,
    connections_writing: number,
    connections_waiting: number,
    connections_accepted: number,
    connections_handled: number,
    total_requests: number,
  }),
  'kong.nginx.get_tls1_version_str': orNothing(string),
  'kong.nginx.req_start_time': orNothing(number),
  'kong.node.get_id': string,
  'kong.node.get_hostname': string,
  'kong.node.get_memory_stats': members({
    lua_shared_dicts: mapOf(members({ allocated_slabs: memory, capacity: memory })),
    workers_lua_vms: listOf(members({ pid: number, http_allocated_gc: memory })),
  }),
  'kong.plugin.get_id': orNothing(string),
  'kong.request.get_scheme': oneOf('http', 'https'),
  'kong.request.get_host': string,
  'kong.request.get_port': number,
  'kong.request.get_forwarded_scheme': string,
  'kong.request.get_forwarded_host': string,
  'kong.request.get_forwarded_port': number,
  'kong.request.get_forwarded_path': string,
  'kong.request.get_forwarded_prefix': orNothing(string),
  'kong.request.get_http_version': orNothing(number),
  'kong.request.get_method': string,
  'kong.request.get_path': string,
  'kong.request.get_raw_path': string,
  'kong.request.get_path_with_query': string,
  'kong.request.get_raw_query': string,
  'kong.request.get_query_arg': orNothing(either(string, yes)),
  'kong.request.get_query': mapOf(listOf(either(string, yes))),
  'kong.request.get_header': orNothing(string),
  'kong.request.get_headers': multiMap,
  'kong.request.get_raw_body': bytes,
  'kong.request.get_body': table,
  'kong.request.get_start_time': number,
  'kong.request.get_uri_captures': members({ unnamed: listOf(orNothing(string)), named: mapOf(string) }),
  'kong.response.get_status': number,
  'kong.response.get_header': orNothing(string),
  'kong.response.get_headers': multiMap,
  'kong.response.get_source': oneOf('service', 'exit', 'error'),
  'kong.router.get_route': orNothing(ROUTE),
  'kong.router.get_service': orNothing(SERVICE),
  'kong.service.set_upstream': orNothing(yes),
  'kong.service.set_tls_verify': orNothing(yes),
  'kong.service.set_tls_verify_depth': orNothing(yes),
  'kong.service.request.set_body': orNothing(yes),
  'kong.service.response.get_status': orNothing(number),
  'kong.service.response.get_headers': multiMap,
  'kong.service.response.get_header': orNothing(string),
  'kong.service.response.get_raw_body': bytes,
  'kong.service.response.get_body': table,
  'kong.telemetry.log': orNothing(yes),
  'kong.vault.is_reference': boolean,
  'kong.vault.parse_reference': orNothing(members({ name: string, resource: string, key: orNothing(string) })),
  'kong.vault.get': orNothing(string),
  'kong.vault.update': orNothing(anything),
}

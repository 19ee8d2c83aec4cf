import { asciiLower, type LuaKey, LuaTable, luaToString, luaType, type LuaValue, raise } from '@kong-ts/schema/lua'
import { nginxVariable } from './nginx-variables.js'
import { AUTH_AND_LATER, type PdkFunction, type PdkNamespace } from './pdk-function.js'

/** Sizes in MiB. */
const SHARED_DICTS = new Map([
  ['kong', 5],
  ['kong_locks', 8],
  ['kong_healthchecks', 5],
  ['kong_cluster_events', 5],
  ['kong_rate_limiting_counters', 12],
  ['kong_core_db_cache', 128],
  ['kong_core_db_cache_miss', 12],
  ['kong_db_cache', 128],
  ['kong_db_cache_miss', 12],
  ['kong_secrets', 5],
])
const UNITS = new Map([
  ['k', 1024],
  ['m', 1024 ** 2],
  ['g', 1024 ** 3],
])
const COUNTERS = [
  'connections_active',
  'connections_reading',
  'connections_writing',
  'connections_waiting',
  'connections_accepted',
  'connections_handled',
  'total_requests',
]

export const NODE_FUNCTIONS: PdkNamespace = {
  'kong.node.get_id': { call: ({ node }) => node.nodeId },
  'kong.node.get_hostname': { call: ({ node }) => node.hostname },
  'kong.node.get_memory_stats': { call: (_, [unit, scale]) => memoryStats(unit, scale) },
  // A node without a database has no cluster.
  'kong.cluster.get_id': { call: () => undefined },
  'kong.plugin.get_id': { call: ({ plugin }) => plugin?.id },
  'kong.ip.is_trusted': {
    call: ({ request }, [address]) => {
      if (request.trusted.everything) return true
      if (request.trusted.size === 0) return false
      if (address === undefined) return false
      return typeof address === 'string'
        ? request.isTrusted(address)
        : raise(`bad argument #1 to 'match' (string expected, got ${luaType(address)})`)
    },
  },
  'kong.router.get_route': { phases: AUTH_AND_LATER, call: ({ ctx }) => ctx.get('route') },
  'kong.router.get_service': { phases: AUTH_AND_LATER, call: ({ ctx }) => ctx.get('service') },
  'kong.nginx.get_subsystem': { call: ({ subsystem }) => subsystem },
  'kong.nginx.get_statistics': {
    call: () => LuaTable.record(COUNTERS.map((name) => [name, name.endsWith('waiting') || name.endsWith('reading') ? 0 : 1])),
  },
  'kong.nginx.get_tls1_version_str': { call: ({ client, phase }) => (phase === 'log' ? undefined : client.tls?.version) },
  'kong.nginx.req_start_time': { call: ({ startedAt }) => startedAt / 1000 },
  'kong.nginx.get_var': {
    readsNginx: true,
    call: (state, [name]) => {
      if (typeof name !== 'string' && typeof name !== 'number') return raise('bad variable name')
      return nginxVariable(state, luaToString(name))
    },
  },
  'kong.nginx.get_ctx': { call: ({ ctx }, [key]) => getMember(ctx, key) },
  'kong.nginx.set_ctx': { call: ({ ctx }, [key, value]) => setMember(ctx, key, value) },
  'kong.ctx.shared.get': { call: ({ shared }, [key]) => getMember(shared, key) },
  'kong.ctx.shared.set': { call: ({ shared }, [key, value]) => setMember(shared, key, value) },
  'kong.table.new': {
    call: (_, [items, members]) =>
      typeof items === 'number' && typeof members === 'number'
        ? new LuaTable()
        : raise("bad argument #1 to 'method' (number expected, got no value)"),
  },
  'kong.table.clear': {
    call: (_, [table]) => (table instanceof LuaTable ? undefined : raise("bad argument #1 to 'method' (table expected, got no value)")),
  },
  'kong.table.merge': { call: (_, [left, right]) => mergeTables(left, right) },
  // Answers only when the opentelemetry plugin collects logs.
  'kong.telemetry.log': answersNothing(),
  'kong.tracing.active_span': answersNothing(),
  'kong.tracing.set_active_span': answersNothing(),
  'kong.tracing.process_span': answersNothing(),
  'kong.tracing.link_span': answersNothing(),
  'kong.tracing.get_root_span': answersNothing(),
  'kong.tracing.init_spans': answersNothing(),
  'kong.tracing.get_spans': answersNothing(),
  'kong.tracing.set_should_sample': answersNothing(),
  'kong.tracing.get_sampling_decision': answersNothing(),
}

function answersNothing(): PdkFunction {
  return { call: () => undefined }
}

function isKey(value: LuaValue): value is LuaKey {
  return value !== undefined && value !== null && !(value instanceof Uint8Array)
}

function getMember(table: LuaTable, key: LuaValue): LuaValue {
  return isKey(key) ? table.get(key) : undefined
}

function setMember(table: LuaTable, key: LuaValue, value: LuaValue): undefined {
  if (!isKey(key)) raise('table index is nil')
  else if (Number.isNaN(key)) raise('table index is NaN')
  else table.set(key, value)
}

function mergeTables(left: LuaValue, right: LuaValue): LuaTable {
  const merged = new LuaTable()
  for (const table of [left, right]) {
    if (table === undefined || table === false) continue
    if (!(table instanceof LuaTable)) return raise(`bad argument #1 to 'pairs' (table expected, got ${luaType(table)})`)
    for (const [key, value] of table) merged.set(key, value)
  }
  return merged
}

function memoryStats(unit: LuaValue, scale: LuaValue): LuaTable {
  const size = sizeWriter(unit === undefined || unit === false ? 'b' : unit, scale === undefined || scale === false ? 2 : scale)
  const dicts = [...SHARED_DICTS].map(([dict, megabytes]) => {
    const capacity = megabytes * 1024 ** 2
    return [
      dict,
      LuaTable.record([
        ['capacity', size(capacity)],
        ['allocated_slabs', size(capacity / 128)],
      ]),
    ] as const
  })
  const worker = LuaTable.record([
    ['pid', process.pid],
    ['http_allocated_gc', size(process.memoryUsage().heapUsed)],
  ])
  return LuaTable.record([
    ['lua_shared_dicts', LuaTable.record(dicts)],
    ['workers_lua_vms', LuaTable.list([worker])],
  ])
}

/** Returns how sizes are written: in bytes as numbers, in other units as text with `scale` digits after the point. */
function sizeWriter(unit: LuaValue, scale: LuaValue): (bytes: number) => LuaValue {
  if (typeof unit !== 'string' && typeof unit !== 'number')
    return raise(`bad argument #1 to 'lower' (string expected, got ${luaType(unit)})`)
  const name = asciiLower(luaToString(unit))
  if (name === 'b') return (bytes) => Math.floor(bytes)
  if (name === '') return (bytes) => String(Math.floor(bytes))
  if (typeof scale !== 'number' || scale < 0) return raise('scale must be equal or greater than 0')
  const divisor = UNITS.get(name)
  if (divisor === undefined) return raise(`invalid unit '${luaToString(unit)}' (expected 'k/K', 'm/M', or 'g/G')`)
  const digits = fractionDigits(scale)
  return (bytes) => `${(bytes / divisor).toFixed(digits)} ${name.toUpperCase()}iB`
}

/** The digits that LuaJIT reads from Kong's format `%.<scale>f`. It reads at most two; for an infinite scale Kong writes none. */
function fractionDigits(scale: number): number {
  if (!(scale < 2 ** 63)) return raise("invalid option '%.-' to 'format'")
  const digits = Math.floor(scale)
  return digits < 100 ? digits : raise(`invalid option '%.${BigInt(digits).toString().slice(0, 3)}' to 'format'`)
}

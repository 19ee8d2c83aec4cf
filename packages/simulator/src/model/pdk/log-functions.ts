import { inspectValue, LuaTable, luaToString, luaType, type LuaValue, raise } from '@kong-ts/schema/lua'
import type { LogLevel } from '../node/kong-settings.js'
import type { TransactionState } from '../state/transaction-state.js'
import { textArgument } from './argument-checks.js'
import { REQUEST_PHASES, type PdkFunction, type PdkNamespace } from './pdk-function.js'

/** The width of the frame that `kong.log.inspect` draws. */
const FRAME = 120

export const LOG_FUNCTIONS: PdkNamespace = {
  'kong.log': logAt('notice'),
  'kong.log.debug': logAt('debug'),
  'kong.log.info': logAt('info'),
  'kong.log.notice': logAt('notice'),
  'kong.log.warn': logAt('warn'),
  'kong.log.err': logAt('error'),
  'kong.log.crit': logAt('crit'),
  'kong.log.alert': logAt('alert'),
  'kong.log.emerg': logAt('emerg'),
  'kong.log.deprecation': logAt('warn'),
  'kong.log.inspect': { call: inspect },
  'kong.log.inspect.on': {
    call: (state) => {
      state.inspects = true
      return undefined
    },
  },
  'kong.log.inspect.off': {
    call: (state) => {
      state.inspects = false
      return undefined
    },
  },
  'kong.log.set_format': {
    call: (_, [format]) => {
      if (format !== undefined && format !== false && typeof format !== 'string') raise('format must be a string')
      return undefined
    },
  },
  'kong.log.set_serialize_value': { phases: REQUEST_PHASES, call: setSerializeValue },
  'kong.log.serialize': { phases: ['log'], call: ({ snapshot }) => snapshot?.record },
}

function logAt(level: LogLevel): PdkFunction {
  return {
    call: (state, args) => {
      if (!state.log.accepts(level)) return undefined
      requireOne(args)
      state.log.write(level, `[kong] mp_rpc.lua:127 [${state.plugin?.name ?? 'core'}] ${args.map(luaToString).join('')}${timerNote(state)}`)
      return undefined
    },
  }
}

/** Kong's log functions select their first argument without checking that there is one. */
function requireOne(args: readonly LuaValue[]): void {
  if (args.length === 0) raise("bad argument #1 to 'select' (index out of range)")
}

function timerNote({ phase }: TransactionState): string {
  return phase === 'log' ? ', context: ngx.timer' : ''
}

function inspect(state: TransactionState, args: readonly LuaValue[]): undefined {
  if (!state.inspects || !state.log.accepts('notice')) return
  requireOne(args)
  const title = `[kong] mp_rpc.lua:call_pdk_method:127 [${state.plugin?.name ?? 'core'}]`
  state.log.write('notice', `${title}${'-'.repeat(Math.max(0, FRAME - title.length + 1))}+`)
  const lines = args.map(inspectValue).join(' ').split('\n')
  lines.forEach((line, index) => {
    // When a line fills its rows exactly, its line break gets a row of its own.
    const fills = index < lines.length - 1 && line.length > 0 && line.length % FRAME === 0
    for (let at = 0; at === 0 || at < line.length + (fills ? 1 : 0); at += FRAME)
      state.log.write('notice', `|${line.slice(at, at + FRAME).padEnd(FRAME)}|`)
  })
  state.log.write('notice', `+${'-'.repeat(FRAME)}+`)
}

function setSerializeValue(state: TransactionState, [key, value, options]: readonly LuaValue[]): undefined {
  const name = textArgument(key, 'key must be a string')
  if (typeof options === 'number' || options === true) raise(`attempt to index local 'options' (a ${luaType(options)} value)`)
  const given = options instanceof LuaTable ? options.get('mode') : undefined
  const mode = given === undefined || given === false ? 'set' : given
  if (mode !== 'set' && mode !== 'add' && mode !== 'replace') raise("mode must be 'set', 'add' or 'replace'")
  else if (!usesOtherNginx(options)) state.serializeEdits.push({ key: name, value, mode })
}

/** A Lua plugin can name another `ngx` table in the options. A value that is noted there never reaches the record. */
function usesOtherNginx(options: LuaValue): boolean {
  const other = options instanceof LuaTable ? options.get('ngx') : undefined
  if (other === undefined || other === false) return false
  if (other instanceof LuaTable && other.get('ctx') instanceof LuaTable) return true
  return raise("attempt to index local 'ctx' (a nil value)")
}

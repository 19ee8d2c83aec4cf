import { spawn } from 'node:child_process'
import { checkSchema } from '@kong-ts/schema'
import { isRecord, type JsonRecord } from '../entities/json-record.js'
import { KONG_VERSION } from '../../model/index.js'
import { GatewayStartError, type GatewayLog } from '../report/gateway-report.js'
import type { PluginServerSettings } from '../settings/kong-settings.js'
import { killGroup } from './plugin-server-process.js'

export type PluginServerProtocol = 'MsgPack:1' | 'ProtoBuf:1'

/** What Kong knows of an external plugin: the first plugin in the output of its query command. */
export interface PluginInfo {
  readonly name: string
  readonly priority: number
  readonly version: string
  readonly phases: readonly string[]
  readonly protocol: PluginServerProtocol
  /** The plugin's schema, unchanged. */
  readonly schema: JsonRecord
}

/** An external plugin together with the socket its plugin server listens on. */
export interface ServedPlugin {
  readonly info: PluginInfo
  readonly socket: string
}

/**
 * Reads the plugin info from a dump. Kong 3.9 uses only the first plugin, and speaks MsgPack:1 when there is no `Protocol`.
 * @returns the plugin info, or the reason why Kong would not start with it.
 */
function readPluginInfo(dump: unknown): PluginInfo | string {
  const document = isRecord(dump) ? dump : {}
  const plugins = Array.isArray(dump) ? dump : document['Plugins']
  const first: unknown = Array.isArray(plugins) ? plugins[0] : undefined
  if (!isRecord(first)) return 'lists no plugin'
  const { Name: name, Priority: priority, Version: version, Phases: phases, Schema: schema } = first
  if (typeof name !== 'string' || name === '') return 'has a plugin without Name'
  if (typeof priority !== 'number' || !Number.isInteger(priority))
    return `has no whole number as Priority of "${name}"; Kong says "${name} plugin is enabled but not installed"`
  if (typeof version !== 'string' || !/^\d+(\.\d+){1,2}$/.test(version)) return `has no Version like 1.0.0 for "${name}"`
  if (!Array.isArray(phases) || !phases.every((phase) => typeof phase === 'string')) return `has no Phases for "${name}"`
  if (!isRecord(schema) || typeof schema['name'] !== 'string') return `has no Schema with a name for "${name}"`
  const protocol = document['Protocol'] ?? 'MsgPack:1'
  if (protocol !== 'MsgPack:1' && protocol !== 'ProtoBuf:1') return `speaks ${JSON.stringify(protocol)}; known are MsgPack:1 and ProtoBuf:1`
  return { name, priority, version, phases, protocol, schema }
}

const LONGEST_QUERY_MS = 60_000
const LARGEST_DUMP_BYTES = 16 * 1024 * 1024

/**
 * Runs a query command as Kong does: through `sh -c` and in the environment of the gateway. All of stdout must be one JSON text; Kong
 * ignores stderr and the exit code.
 * @param signal kills the command when it is aborted.
 * @throws GatewayStartError that names the plugin server and the command, or the reason of `signal`.
 */
export async function queryPluginInfo(server: PluginServerSettings, log: GatewayLog, signal: AbortSignal): Promise<PluginInfo> {
  const fault = (reason: string): GatewayStartError =>
    new GatewayStartError(`plugin server "${server.name}": the query command "${server.queryCommand}" ${reason}`)
  const { output, ending } = await runQuery(server, log, fault, signal)
  let dump: unknown
  try {
    dump = JSON.parse(output)
  } catch {
    if (output.trim() === '' && ending !== 'exit code 0')
      throw fault(`failed (${ending}) before it printed anything; see its lines above, and name a compiled script`)
    const shown = output.trim() === '' ? 'nothing' : JSON.stringify(output.trim().slice(0, 80))
    throw fault(`printed ${shown} where Kong needs one JSON text (failed decoding plugin info); let it print nothing else to stdout`)
  }
  const info = readPluginInfo(dump)
  if (typeof info === 'string') throw fault(`printed plugin info that ${info}; see -dump of the plugin server`)
  const [problem] = checkSchema(info.schema, { kongVersion: KONG_VERSION, pluginName: info.name }).filter(
    ({ severity }) => severity === 'error',
  )
  if (problem !== undefined)
    throw fault(`printed a schema of "${info.name}" that Kong refuses: ${problem.path === '' ? '' : `${problem.path}: `}${problem.text}`)
  return info
}

/** What a query command printed, and how it ended. Kong uses only the output; the ending is for the message of an error. */
interface QueryResult {
  readonly output: string
  readonly ending: string
}

function runQuery(
  server: PluginServerSettings,
  log: GatewayLog,
  fault: (reason: string) => GatewayStartError,
  signal: AbortSignal,
): Promise<QueryResult> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', server.queryCommand], {
      cwd: server.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own can be killed as a whole.
      detached: true,
    })
    const chunks: Buffer[] = []
    let size = 0
    const giveUp = (reason: unknown): void => {
      killGroup(child)
      reject(typeof reason === 'string' ? fault(reason) : reason)
    }
    const cancel = (): void => giveUp(signal.reason)
    signal.addEventListener('abort', cancel, { once: true })
    const timer = setTimeout(
      () => giveUp(`did not end within ${LONGEST_QUERY_MS / 1000} s; it must print the plugin info and exit`),
      LONGEST_QUERY_MS,
    )
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > LARGEST_DUMP_BYTES) giveUp('printed more than 16 MiB; it must print the plugin info and exit')
      else chunks.push(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => log('notice', `[${server.name}:${child.pid}] ${chunk.toString().trimEnd()}`))
    child.on('error', (error) => reject(fault(`cannot run (${error.message}); check its folder`)))
    child.on('close', (code, endedBy) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', cancel)
      resolve({ output: Buffer.concat(chunks).toString('utf8'), ending: endedBy ?? `exit code ${code}` })
    })
  })
}

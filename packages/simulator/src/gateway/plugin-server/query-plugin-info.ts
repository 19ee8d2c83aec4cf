import { spawn } from 'node:child_process'
import { checkSchema } from '@kong-ts/schema'
import { KONG_VERSION } from '../settings/kong-settings.js'
import { GatewayStartError } from '../report/gateway-errors.js'
import type { GatewayLog } from '../report/gateway-log.js'
import type { PluginServerSettings } from '../settings/kong-settings.js'
import { type PluginInfo, readPluginInfo } from './plugin-info.js'

const LONGEST_QUERY_MS = 60_000
const LARGEST_DUMP_BYTES = 16 * 1024 * 1024

/**
 * Runs a query command as Kong does: through `sh -c`, in the gateway's own environment, all of stdout is one JSON text, stderr and the
 * exit code mean nothing.
 * @throws GatewayStartError naming the plugin server and the command.
 */
export async function queryPluginInfo(server: PluginServerSettings, log: GatewayLog): Promise<PluginInfo> {
  const fault = (reason: string): GatewayStartError =>
    new GatewayStartError(`plugin server "${server.name}": the query command "${server.queryCommand}" ${reason}`)
  const { output, ending } = await runQuery(server, log, fault)
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

/** What a query command printed, and how it ended: Kong looks at the former alone, people want to know the latter. */
interface QueryResult {
  readonly output: string
  readonly ending: string
}

function runQuery(server: PluginServerSettings, log: GatewayLog, fault: (reason: string) => GatewayStartError): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', server.queryCommand], { cwd: server.cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks: Buffer[] = []
    let size = 0
    const giveUp = (reason: string): void => {
      child.kill('SIGKILL')
      reject(fault(reason))
    }
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
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ output: Buffer.concat(chunks).toString('utf8'), ending: signal ?? `exit code ${code}` })
    })
  })
}

import { execFile } from 'node:child_process'
import type { KongSchema } from '@kong-ts/schema'
import { isRecord } from '@kong-ts/simulator'
import type { LoadedPlugin } from './loaded-plugin.js'
import { PluginFileError } from './plugin-file-error.js'

const LONGEST_RUN_MS = 30_000
const LARGEST_DUMP_BYTES = 16 * 1024 * 1024

interface Outcome {
  readonly error: Error | null
  readonly stdout: string
  readonly stderr: string
}

/** How to run a dump. */
export interface DumpOptions {
  /** The environment. Default: that of this process. Kong starts plugin servers with an empty one. */
  readonly env?: NodeJS.ProcessEnv
}

/**
 * Runs a file with `-dump` and reads its output as Kong does.
 *
 * @returns `undefined` when the file printed nothing and ended without an error: it is not a plugin server.
 */
export async function runDump(path: string, shown: string, options: DumpOptions = {}): Promise<readonly LoadedPlugin[] | undefined> {
  const { error, stdout, stderr } = await run(path, options)
  if (error !== null) throw new PluginFileError(`${shown} -dump failed: ${stderr.trim() || error.message}`, { cause: error })
  if (stdout.trim() === '') return undefined
  let dump: unknown
  try {
    dump = JSON.parse(stdout)
  } catch (cause) {
    throw new PluginFileError(
      `${shown} -dump did not print JSON but ${JSON.stringify(stdout.slice(0, 80))}: let it call startServer, or name a module that exports the plugin class`,
      { cause },
    )
  }
  const plugins = isRecord(dump) ? dump['Plugins'] : dump
  if (!Array.isArray(plugins)) throw new PluginFileError(`${shown} -dump printed JSON without Plugins: let it call startServer`)
  const protocol = isRecord(dump) && typeof dump['Protocol'] === 'string' ? dump['Protocol'] : undefined
  return plugins.map((info: unknown) => ({ ...readPluginInfo(info, shown), protocol }))
}

function run(path: string, { env = process.env }: DumpOptions): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path, '-dump'],
      { env, timeout: LONGEST_RUN_MS, maxBuffer: LARGEST_DUMP_BYTES, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        resolve({ error, stdout, stderr })
      },
    )
  })
}

function readPluginInfo(info: unknown, shown: string): Omit<LoadedPlugin, 'protocol'> {
  if (!isRecord(info)) throw new PluginFileError(`${shown} -dump printed a plugin that is not an object: see -dump of the plugin server`)
  const { Name: name, Version: version, Priority: priority, Phases: phases, Schema: schema } = info
  if (
    typeof name !== 'string' ||
    typeof version !== 'string' ||
    typeof priority !== 'number' ||
    !Array.isArray(phases) ||
    !isSchema(schema)
  ) {
    throw new PluginFileError(
      `${shown} -dump printed a plugin without Name, Version, Priority, Phases or Schema: see -dump of the plugin server`,
    )
  }
  return { name, version, priority, phases: phases.map(String), schema, lateRules: undefined }
}

/** Checks only the shape of a schema; `checkSchema` tells whether Kong accepts it. */
function isSchema(value: unknown): value is KongSchema {
  return isRecord(value) && typeof value['name'] === 'string' && Array.isArray(value['fields'])
}

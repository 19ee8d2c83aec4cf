import { access } from 'node:fs/promises'
import { resolve } from 'node:path'
import { execFile } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { type LateRule, describeLateRules, generateSchema, judgePluginClass } from '@kong-ts/core/tooling'
import type { KongSchema } from '@kong-ts/schema'
import { isRecord } from '@kong-ts/simulator'
import { isPluginClass, type PluginDefinition } from '@kong-ts/core/server'
import { PluginFileError } from './plugin-file-error.js'

/** What commands know of a plugin. */
export interface LoadedPlugin {
  readonly name: string
  readonly version: string
  readonly priority: number
  readonly phases: readonly string[]
  /** The protocol that the server speaks, as in its dump; `undefined` for a class without a server. */
  readonly protocol: string | undefined
  readonly schema: KongSchema
  /** Rules that Kong cannot check; `undefined` when only the dump is known. */
  readonly lateRules: readonly LateRule[] | undefined
}

/**
 * The plugins of a built file: a script that calls `startServer`, or a module that exports plugin classes or definitions.
 *
 * Runs the file with `-dump` first, as Kong does: a script prints its plugins and starts nothing. Imports a module that prints nothing, and
 * finds the plugins among its exports.
 *
 * @throws PluginFileError when there are none; PluginDefinitionError with every mistake of a class.
 */
export async function loadPlugins(file: string, options: DumpOptions = {}): Promise<readonly LoadedPlugin[]> {
  const path = resolve(file)
  await access(path).catch((cause: unknown) => {
    throw new PluginFileError(`${file} does not exist: build the plugin first (npx tsc -b), then name dist/main.js`, { cause })
  })
  if (/\.[cm]?tsx?$/.test(path))
    throw new PluginFileError(`${file} is TypeScript: build the plugin first (npx tsc -b), then name the JavaScript file`)
  const plugins = (await runDump(path, file, options)) ?? (await importPlugins(path, file))
  if (plugins.length === 0)
    throw new PluginFileError(`${file} neither calls startServer nor exports a class with @Plugin: name the file that does`)
  return plugins
}

/**
 * One plugin of a file.
 *
 * @param name needed only when the file has several plugins.
 * @throws PluginFileError when the file has no such plugin, or has several and `name` is missing.
 */
export async function loadPlugin(file: string, name: string | undefined): Promise<LoadedPlugin> {
  const plugins = await loadPlugins(file)
  const names = plugins.map((plugin) => plugin.name).join(', ')
  const found = name === undefined ? plugins : plugins.filter((plugin) => plugin.name === name)
  const [only, ...more] = found
  if (only === undefined) throw new PluginFileError(`${file} has no plugin ${name}, only ${names}`)
  if (more.length > 0) throw new PluginFileError(`${file} has several plugins: choose one with --plugin (${names})`)
  return only
}

const LONGEST_RUN_MS = 30_000
const LARGEST_DUMP_BYTES = 16 * 1024 * 1024

interface Outcome {
  readonly error: Error | null
  readonly stdout: string
  readonly stderr: string
}

/** How to run a dump. */
interface DumpOptions {
  /** The environment. Default: that of this process. Kong starts plugin servers with an empty one. */
  readonly env?: NodeJS.ProcessEnv
}

/**
 * Runs a file with `-dump` and reads its output as Kong does.
 *
 * @returns `undefined` when the file printed nothing and ended without an error: it is not a plugin server.
 */
async function runDump(path: string, shown: string, options: DumpOptions = {}): Promise<readonly LoadedPlugin[] | undefined> {
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

/**
 * The plugins among the exports of a module: classes, and definitions written by hand.
 *
 * @throws PluginDefinitionError with every mistake of a class, those that Kong would find in its schema too.
 */
async function importPlugins(path: string, shown: string): Promise<readonly LoadedPlugin[]> {
  let exported: object
  try {
    exported = (await import(pathToFileURL(path).href)) as object
  } catch (cause) {
    throw new PluginFileError(`${shown} cannot be imported: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
  const definitions = Object.values(exported).flatMap((value: unknown) =>
    isPluginClass(value) ? [judgePluginClass(value)] : isDefinition(value) ? [value] : [],
  )
  return [...new Map(definitions.map((definition) => [definition.name, definition])).values()].map(toLoadedPlugin)
}

function toLoadedPlugin(definition: PluginDefinition): LoadedPlugin {
  const { name, version, priority, phases } = definition
  return {
    name,
    version,
    priority,
    phases: [...phases.keys()],
    protocol: undefined,
    schema: generateSchema(definition),
    lateRules: describeLateRules(definition),
  }
}

function isDefinition(value: unknown): value is PluginDefinition {
  return (
    typeof value === 'object' &&
    value !== null &&
    'phases' in value &&
    value.phases instanceof Map &&
    'config' in value &&
    'pluginClass' in value &&
    'topLevelFields' in value
  )
}

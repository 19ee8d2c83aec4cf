import { access, readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { GatewayConfigError, readKongConf, type KongSettings, type PluginServerSettings } from '@kong-ts/testing/gateway'

/** The plugin servers to run, and kong.conf's settings where there is one. */
export interface FoundPluginServers {
  readonly pluginServers: readonly PluginServerSettings[]
  readonly settings: KongSettings | undefined
}

/**
 * Where the plugin servers of a kong.yml come from: the scripts named on the command line, else the kong.conf beside it, else `main` of the nearest package.json.
 *
 * @param prefix folder for their sockets.
 * @throws GatewayConfigError when there is none, or a script does not exist.
 */
export async function findPluginServers(configFile: string, scripts: readonly string[], prefix: string): Promise<FoundPluginServers> {
  const folder = dirname(resolve(configFile))
  const conf = join(folder, 'kong.conf')
  const settings = (await exists(conf)) ? (await readKongConf(conf)).settings : undefined
  if (scripts.length > 0) return { pluginServers: await Promise.all(scripts.map((script) => fromScript(resolve(script), prefix))), settings }
  if (settings !== undefined) return { pluginServers: settings.pluginServers, settings }
  const main = await findMain(folder)
  if (main === undefined) {
    throw new GatewayConfigError(`${configFile}: no plugin server found: name its script with --server dist/main.js, or put it under "main" into a package.json beside kong.yml`)
  }
  return { pluginServers: [await fromScript(main, prefix)], settings }
}

/**
 * The commands for a script that calls `startServer`. Kong runs them with an empty environment, so both Node and the script are given by absolute path.
 */
async function fromScript(script: string, prefix: string): Promise<PluginServerSettings> {
  if (!(await exists(script))) throw new GatewayConfigError(`${script} does not exist: build the plugin first (npx tsc -b), or name another script with --server`)
  const name = serverName(script)
  const socket = join(prefix, `${name}.socket`)
  const command = `${quote(process.execPath)} ${quote(script)}`
  return { name, socket, cwd: dirname(script), queryCommand: `${command} -dump`, startCommand: `${command} -socket ${quote(socket)}` }
}

/** Two scripts are usually both `dist/main.js`: the folder that holds the package tells them apart. */
function serverName(script: string): string {
  const parts = resolve(script).split('/').filter((part) => !['dist', 'src', 'main.js', 'index.js'].includes(part))
  return basename(parts.at(-1) ?? 'plugin', '.js').toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')
}

async function findMain(folder: string): Promise<string | undefined> {
  const file = join(folder, 'package.json')
  if (await exists(file)) {
    const manifest: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (typeof manifest === 'object' && manifest !== null && 'main' in manifest && typeof manifest.main === 'string') return resolve(folder, manifest.main)
  }
  const parent = dirname(folder)
  return parent === folder ? undefined : findMain(parent)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** For `sh -c`. */
function quote(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

import { access } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { GatewayStartError } from '../report/gateway-report.js'
import type { PluginServerSettings } from '../settings/kong-settings.js'
import type { PluginServerProtocol } from './plugin-info.js'

/**
 * The settings of a plugin server for a script that calls `startServer`. The commands name Node and the script by absolute path, because
 * Kong runs them with an empty environment.
 * @param protocol passed to the script with `-protocol`; without it the script chooses.
 * @throws GatewayStartError when the script does not exist.
 */
export async function pluginServerFromScript(file: string, prefix: string, protocol?: PluginServerProtocol): Promise<PluginServerSettings> {
  const script = resolve(file)
  await access(script).catch((cause: unknown) => {
    throw new GatewayStartError(`${file} does not exist: build the plugin first (npx tsc -b), or name another script`, { cause })
  })
  const name = scriptServerName(script)
  const socket = join(prefix, `${name}.socket`)
  const command = `${quoteForShell(process.execPath)} ${quoteForShell(script)}${protocol === undefined ? '' : ` -protocol ${protocol}`}`
  return {
    name,
    socket,
    cwd: dirname(script),
    queryCommand: `${command} -dump`,
    startCommand: `${command} -socket ${quoteForShell(socket)} -exit-on-stdin-close`,
  }
}

/** The name of a script's plugin server. Scripts are usually called `dist/main.js`, so it is the name of the package's folder. */
export function scriptServerName(script: string): string {
  const parts = resolve(script)
    .split('/')
    .filter((part) => !['dist', 'src', 'main.js', 'index.js'].includes(part))
  return basename(parts.at(-1) ?? 'plugin', '.js')
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
}

/** Quotes a word for `sh -c`, with which Kong runs commands. */
export function quoteForShell(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

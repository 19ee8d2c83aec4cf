import { access } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { GatewayStartError } from '../report/gateway-errors.js'
import type { PluginServerSettings } from '../settings/kong-settings.js'
import type { PluginServerProtocol } from './plugin-info.js'

/**
 * The commands for a script that calls `startServer`. They are run with an empty environment, as Kong does, so both Node and the script
 * are given by absolute path.
 *
 * @param protocol what the script is told to speak, if anything.
 * @throws GatewayStartError when there is no such script.
 */
export async function pluginServerFromScript(file: string, prefix: string, protocol?: PluginServerProtocol): Promise<PluginServerSettings> {
  const script = resolve(file)
  await access(script).catch((cause: unknown) => {
    throw new GatewayStartError(`${file} does not exist: build the plugin first (npx tsc -b), or name another script`, { cause })
  })
  const name = scriptServerName(script)
  const socket = join(prefix, `${name}.socket`)
  const command = `${quote(process.execPath)} ${quote(script)}${protocol === undefined ? '' : ` -protocol ${protocol}`}`
  return {
    name,
    socket,
    cwd: dirname(script),
    queryCommand: `${command} -dump`,
    startCommand: `${command} -socket ${quote(socket)} -exit-on-stdin-close`,
  }
}

/** The name a script's plugin server gets: scripts are usually called `dist/main.js`, so the folder of the package tells them apart. */
export function scriptServerName(script: string): string {
  const parts = resolve(script)
    .split('/')
    .filter((part) => !['dist', 'src', 'main.js', 'index.js'].includes(part))
  return basename(parts.at(-1) ?? 'plugin', '.js')
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
}

/** For `sh -c`. */
function quote(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

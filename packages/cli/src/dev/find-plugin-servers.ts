import { access, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { GatewayConfigError, readKongConf, type GatewayOptions } from '@kong-ts/simulator/gateway'

/** What `startGateway` has to know of plugin servers and of kong.conf. */
export type FoundPluginServers = Pick<GatewayOptions, 'scripts' | 'pluginServers' | 'settings' | 'proxyListen'> & {
  /** What kong.conf says that the stand-in does not do. */
  readonly warnings: readonly string[]
}

/**
 * Where the plugin servers of a kong.yml come from: the scripts named on the command line, else the kong.conf beside it, else `main` of the nearest package.json.
 *
 * @throws GatewayConfigError when there is none.
 */
export async function findPluginServers(configFile: string, scripts: readonly string[]): Promise<FoundPluginServers> {
  const folder = dirname(resolve(configFile))
  const conf = join(folder, 'kong.conf')
  if (await exists(conf)) {
    const { settings, warnings } = await readKongConf(conf)
    const { pluginServers, node, proxyListen } = settings
    const servers = scripts.length > 0 ? { scripts } : { pluginServers }
    return { ...servers, settings: node, warnings, ...(proxyListen === undefined ? {} : { proxyListen }) }
  }
  if (scripts.length > 0) return { scripts, warnings: [] }
  const main = await findMain(folder)
  if (main === undefined) {
    throw new GatewayConfigError(
      `${configFile}: no plugin server found: name its script with --server dist/main.js, or put it under "main" into a package.json beside kong.yml`,
    )
  }
  return { scripts: [main], warnings: [] }
}

async function findMain(folder: string): Promise<string | undefined> {
  const file = join(folder, 'package.json')
  if (await exists(file)) {
    const manifest: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (typeof manifest === 'object' && manifest !== null && 'main' in manifest && typeof manifest.main === 'string')
      return resolve(folder, manifest.main)
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

import { access, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { GatewayConfigError, readKongConf, type GatewayOptions } from '@kong-ts/simulator/gateway'

/** The part of `startGateway`'s options that tells of plugin servers and kong.conf. */
export type FoundPluginServers = Pick<GatewayOptions, 'scripts' | 'pluginServers' | 'settings' | 'proxyListen'> & {
  /** Settings of kong.conf that the gateway does not simulate, one line each. */
  readonly warnings: readonly string[]
}

/**
 * Finds the plugin servers of a kong.yml: the scripts of the command line, else those of the kong.conf beside it, else `main` of the nearest
 * package.json.
 *
 * @throws GatewayConfigError when there is none, or the package.json cannot be read.
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
    const manifest = await readManifest(file)
    if (typeof manifest === 'object' && manifest !== null && 'main' in manifest && typeof manifest.main === 'string')
      return resolve(folder, manifest.main)
  }
  const parent = dirname(folder)
  return parent === folder ? undefined : findMain(parent)
}

async function readManifest(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new GatewayConfigError(
      `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}. Correct it, or name the script with --server dist/main.js`,
      { cause },
    )
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

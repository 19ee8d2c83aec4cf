import { KongTsError } from '@kong-ts/core'
import { type PluginDefinition } from '@kong-ts/core/server'
import { isRecord, type JsonRecord } from '@kong-ts/simulator'
import type { LiveKong } from '../sockets/live-kong.js'
import { AdminApi } from './admin-api.js'
import { DatabaseConfig } from './database-config.js'
import { DblessConfig } from './dbless-config.js'
import type { KongAddress } from './kong-address.js'
import { RemoteKong } from './remote-kong.js'

/**
 * Takes a Kong given by URL for a scenario.
 *
 * @param upstreamTarget `host:port` under which Kong reaches the scenario's upstream.
 * @throws KongTsError (ERR_TEST) when there is no such Kong, or it runs another version of the plugin, or none.
 */
export async function openKong(address: KongAddress, definition: PluginDefinition, upstreamTarget: string): Promise<LiveKong> {
  const admin = new AdminApi(address.admin)
  const { status, body } = await admin.ask('GET', '/')
  const { plugins, configuration, version } = body
  if (status !== 200 || !isRecord(plugins) || !isRecord(configuration))
    throw new KongTsError('ERR_TEST', `${address.admin} answers GET / with ${status} and is no Admin API: correct KONG_TS_ADMIN`)
  checkPlugin(definition, plugins, address)
  const config = configuration['database'] === 'off' ? await DblessConfig.open(admin, String(version)) : new DatabaseConfig(admin)
  return new RemoteKong(address, config, upstreamTarget)
}

function checkPlugin({ name, version }: PluginDefinition, { available_on_server: available }: JsonRecord, { admin }: KongAddress): void {
  const served = isRecord(available) ? available[name] : undefined
  if (served === undefined)
    throw new KongTsError(
      'ERR_TEST',
      `Kong at ${admin} does not know the plugin ${name}: name it in plugins and pluginserver_names of its kong.conf (docs/kong-conf.md), and restart it`,
    )
  // Kongs before 3.0 tell no version.
  const theirs = isRecord(served) ? served['version'] : undefined
  if (typeof theirs === 'string' && theirs !== version)
    throw new KongTsError(
      'ERR_TEST',
      `Kong at ${admin} runs ${name} ${theirs}, this test is for ${version}: build the plugin, and restart Kong`,
    )
}

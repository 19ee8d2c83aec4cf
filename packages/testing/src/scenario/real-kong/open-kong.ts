import { randomUUID } from 'node:crypto'
import { KongTsError } from '@kong-ts/core'
import type { PluginDefinition } from '@kong-ts/core/server'
import { isRecord, type JsonRecord } from '@kong-ts/simulator'
import type { LiveKong } from '../sockets/socket-stage.js'
import { type KongAddress, isSet, type Environment } from '../stage/scenario-options.js'
import { AdminApi } from './admin-api.js'
import { DatabaseConfig, DblessConfig, type KongConfig } from './kong-config.js'
import { probeEntities, Prober } from './prober.js'

/**
 * Takes a Kong given by URL for a scenario.
 *
 * @param upstreamTarget `host:port` under which Kong reaches the scenario's upstream.
 * @throws KongTsError (ERR_TEST) when there is no such Kong, or when it has not this version of the plugin.
 */
export async function openKong(address: KongAddress, definition: PluginDefinition, upstreamTarget: string): Promise<LiveKong> {
  const admin = new AdminApi(address.admin)
  const { status, body } = await admin.ask('GET', '/')
  const { plugins, configuration, version } = body
  if (status !== 200 || !isRecord(plugins) || !isRecord(configuration))
    throw new KongTsError('ERR_TEST', `${address.admin} answers GET / with ${status} and is not an Admin API: correct KONG_TS_ADMIN`)
  checkPlugin(definition, plugins, address)
  const config = configuration['database'] === 'off' ? await DblessConfig.open(admin, String(version)) : new DatabaseConfig(admin)
  return new RealKong(address, config, upstreamTarget)
}

function checkPlugin({ name, version }: PluginDefinition, { available_on_server: available }: JsonRecord, { admin }: KongAddress): void {
  const served = isRecord(available) ? available[name] : undefined
  if (served === undefined)
    throw new KongTsError(
      'ERR_TEST',
      `Kong at ${admin} does not know the plugin ${name}: name it in plugins and pluginserver_names of its kong.conf (docs/kong-conf.md), and restart it`,
    )
  // A Kong before 3.0 does not tell the version.
  const theirs = isRecord(served) ? served['version'] : undefined
  if (typeof theirs === 'string' && theirs !== version)
    throw new KongTsError(
      'ERR_TEST',
      `Kong at ${admin} runs ${name} ${theirs}, this test is for ${version}: build the plugin, and restart Kong`,
    )
}

/** A Kong that is configured through its Admin API. */
class RealKong implements LiveKong {
  readonly proxyUrl: string
  readonly tlsUrl: string | undefined
  readonly log = undefined
  readonly #config: KongConfig
  readonly #upstreamTarget: string
  #used: { readonly text: string; readonly prober: Prober } | undefined

  constructor({ target, targetTls }: KongAddress, config: KongConfig, upstreamTarget: string) {
    this.proxyUrl = target
    this.tlsUrl = targetTls
    this.#config = config
    this.#upstreamTarget = upstreamTarget
  }

  async configure(document: JsonRecord): Promise<void> {
    const text = JSON.stringify(document)
    // Another scenario may have used this Kong meanwhile.
    if (this.#used?.text === text && (await this.#used.prober.isLive())) return
    const generation = randomUUID()
    this.#used = undefined
    const { plugins } = document
    const probing = { generation, upstreamTarget: this.#upstreamTarget, answersItself: Array.isArray(plugins) && plugins.length > 0 }
    await this.#config.use(withProbe(document, probeEntities(probing)))
    const prober = new Prober(this.proxyUrl, probing)
    await prober.untilLive()
    this.#used = { text, prober }
  }

  close(): Promise<void> {
    return this.#config.restore()
  }
}

/** Puts the probe last: a Kong that finds it finds everything else too. */
function withProbe(document: JsonRecord, probe: { readonly services: readonly JsonRecord[] }): JsonRecord {
  const { services } = document
  return { ...document, services: [...(Array.isArray(services) ? services.filter(isRecord) : []), ...probe.services] }
}

const LOOPBACK = '127.0.0.1'

/**
 * Completes an address from the environment.
 *
 * @throws KongTsError (ERR_TEST) that names the variable which is missing or is not a URL.
 */
export function kongAddress(given: Partial<KongAddress>, env: Environment): KongAddress {
  function text(value: string | undefined, variable: string): string | undefined {
    return value ?? (isSet(env[variable]) ? env[variable] : undefined)
  }
  const targetTls = text(given.targetTls, 'KONG_TS_TARGET_TLS')
  return {
    target: origin(text(given.target, 'KONG_TS_TARGET'), 'http', 'KONG_TS_TARGET', "Kong's proxy"),
    admin: origin(text(given.admin, 'KONG_TS_ADMIN'), 'https?', 'KONG_TS_ADMIN', "Kong's Admin API"),
    upstreamHost: text(given.upstreamHost, 'KONG_TS_UPSTREAM_HOST') ?? LOOPBACK,
    upstreamListen: text(given.upstreamListen, 'KONG_TS_UPSTREAM_LISTEN') ?? LOOPBACK,
    ...(targetTls === undefined ? {} : { targetTls: origin(targetTls, 'https', 'KONG_TS_TARGET_TLS', "Kong's proxy") }),
  }
}

function origin(text: string | undefined, protocol: string, variable: string, whose: string): string {
  const example = protocol === 'https' ? 'https://localhost:8443' : `http://localhost:${variable === 'KONG_TS_ADMIN' ? 8001 : 8000}`
  if (text === undefined)
    throw new KongTsError('ERR_TEST', `the address of ${whose} is missing: set ${variable}, for example to ${example}`)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !new RegExp(`^${protocol}:$`).test(url.protocol) || url.pathname !== '/')
    throw new KongTsError('ERR_TEST', `${variable} is "${text}": set it to the address of ${whose} without a path, such as ${example}`)
  return url.origin
}

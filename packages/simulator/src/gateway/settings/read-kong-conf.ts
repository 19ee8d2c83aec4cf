import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { isSettingKey } from '../../model/index.js'
import { GatewayConfigError } from '../report/gateway-report.js'
import { isTimeoutKey } from './client-timeouts.js'
import type { KongSettings, ListenAddress, PluginServerSettings } from './kong-settings.js'

/** Settings that change nothing here. They cause no warning, because a kong.conf written for Kong has them. */
const WITHOUT_EFFECT = new Set([
  'database',
  'router_flavor',
  'proxy_access_log',
  'proxy_error_log',
  'admin_access_log',
  'admin_error_log',
  'nginx_daemon',
])

const PLUGIN_SERVER_SETTING = /^pluginserver_(.+)_(socket|start_cmd|query_cmd)$/

export interface KongConf {
  readonly settings: KongSettings
  /** One line for each setting that is not simulated. */
  readonly warnings: readonly string[]
}

/**
 * Reads a kong.conf as Kong does: lines are `name = value`, `#` starts a comment and `\#` does not, and environment variables `KONG_NAME`
 * win over the file. Paths and the commands of plugin servers are relative to the folder of the file.
 * @throws GatewayConfigError that names the file and the setting.
 */
export async function readKongConf(file: string, env: Readonly<Record<string, string | undefined>> = process.env): Promise<KongConf> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new GatewayConfigError(`${file}: cannot be read (${codeOf(error)}); give the path of a kong.conf`, { cause: error })
  }
  const values = parseKongConf(text, file)
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && name.startsWith('KONG_') && name !== 'KONG_CONF' && !name.startsWith('KONG_TS_')) {
      values.set(name.slice('KONG_'.length).toLowerCase(), value)
    }
  }
  return settingsOf(values, file)
}

function parseKongConf(text: string, file: string): Map<string, string> {
  const values = new Map<string, string>()
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw
      .replace(/(?<!\\)#.*$/, '')
      .replaceAll('\\#', '#')
      .trim()
    if (line === '') return
    const equals = line.indexOf('=')
    if (equals < 1) throw new GatewayConfigError(`${file}:${index + 1}: "${line}" is not a setting; write it as name = value`)
    values.set(line.slice(0, equals).trim().toLowerCase(), unquote(line.slice(equals + 1).trim()))
  })
  return values
}

function settingsOf(values: ReadonlyMap<string, string>, file: string): KongConf {
  const node: Record<string, string> = {}
  const warnings: string[] = []
  for (const [name, value] of values) {
    if (isSettingKey(name) || isTimeoutKey(name)) node[name] = value
    else if (!isRead(name) && !WITHOUT_EFFECT.has(name))
      warnings.push(`${file}: ${name} is not simulated by this gateway and has no effect`)
  }
  const get = (name: string): string | undefined => values.get(name) || undefined
  const where = (name: string): string => `${file}: ${name}`
  const folder = dirname(resolve(file))
  const declarativeConfig = get('declarative_config')
  const prefix = get('prefix')
  const proxyListen = get('proxy_listen')
  const adminListen = get('admin_listen')
  const streamListen = get('stream_listen')
  const plugins = list(get('plugins'))
  const workers = get('nginx_worker_processes')
  if (workers !== undefined && workers !== 'auto' && !/^[1-9]\d*$/.test(workers)) {
    throw new GatewayConfigError(`${where('nginx_worker_processes')} is "${workers}"; write a whole number from 1, or auto`)
  }
  return {
    warnings,
    settings: {
      node,
      pluginServers: list(get('pluginserver_names')).map((name) => pluginServer(name.toLowerCase(), values, file, folder)),
      ...(declarativeConfig === undefined ? {} : { declarativeConfig: resolve(folder, declarativeConfig) }),
      ...(prefix === undefined ? {} : { prefix: resolve(folder, prefix) }),
      ...(proxyListen === undefined ? {} : { proxyListen: parseListen(proxyListen, where('proxy_listen')) }),
      ...(adminListen === undefined ? {} : { adminListen: parseListen(adminListen, where('admin_listen')) }),
      ...(streamListen === undefined ? {} : { streamListen: parseListen(streamListen, where('stream_listen')) }),
      ...(get('plugins') === undefined ? {} : { plugins }),
      ...(workers === undefined || workers === 'auto' ? {} : { workerProcesses: Number(workers) }),
    },
  }
}

const READ = new Set([
  'declarative_config',
  'prefix',
  'proxy_listen',
  'admin_listen',
  'stream_listen',
  'plugins',
  'pluginserver_names',
  'nginx_worker_processes',
])

function isRead(name: string): boolean {
  return READ.has(name) || PLUGIN_SERVER_SETTING.test(name)
}

function pluginServer(name: string, values: ReadonlyMap<string, string>, file: string, cwd: string): PluginServerSettings {
  const stem = `pluginserver_${name.replaceAll('-', '_')}`
  const queryCommand = values.get(`${stem}_query_cmd`)
  if (!queryCommand) {
    throw new GatewayConfigError(`${file}: ${stem}_query_cmd is missing; Kong needs the command that prints the plugin info of "${name}"`)
  }
  const socket = values.get(`${stem}_socket`)
  const startCommand = values.get(`${stem}_start_cmd`)
  return { name, queryCommand, cwd, ...(socket ? { socket: resolve(cwd, socket) } : {}), ...(startCommand ? { startCommand } : {}) }
}

function list(value: string | undefined): string[] {
  return value === undefined || value === 'off'
    ? []
    : value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')
}

function unquote(value: string): string {
  return /^(['"]).*\1$/.test(value) ? value.slice(1, -1) : value
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

const FLAGS_WITHOUT_EFFECT = new Set([
  'reuseport',
  'deferred',
  'so_keepalive=on',
  'so_keepalive=off',
  'proxy_protocol=off',
  'ipv6only=on',
  'ipv6only=off',
])

/**
 * Reads a `…_listen` setting: `off`, or addresses separated by commas, each followed by Kong's flags. Replaces every host by loopback, so
 * that other machines cannot reach the gateway.
 */
function parseListen(value: string, where: string): readonly ListenAddress[] {
  if (value.trim() === 'off') return []
  return value.split(',').map((part) => parseAddress(part.trim(), where))
}

function parseAddress(text: string, where: string): ListenAddress {
  const [address = '', ...flags] = text.split(/\s+/)
  const colon = address.lastIndexOf(':')
  const host = address.slice(0, colon)
  const port = address.slice(colon + 1)
  if (colon < 1 || !/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    throw new GatewayConfigError(`${where}: "${text}" is not an address; write host:port, for example 127.0.0.1:8000`)
  }
  let tls = false
  let http2 = false
  for (const flag of flags) {
    if (flag === 'ssl') tls = true
    else if (flag === 'http2') http2 = true
    else if (!FLAGS_WITHOUT_EFFECT.has(flag) && !flag.startsWith('backlog=')) {
      throw new GatewayConfigError(`${where}: flag "${flag}" is not simulated; known are ssl and http2`)
    }
  }
  return { host: host === '[::1]' ? '::1' : '127.0.0.1', port: Number(port), tls, http2 }
}

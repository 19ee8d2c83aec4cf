import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readKongConf } from '../../src/gateway/index.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kong-ts-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function read(text: string, env: Record<string, string> = {}) {
  const file = join(folder, 'kong.conf')
  await writeFile(file, text)
  return readKongConf(file, env)
}

describe('reading kong.conf', () => {
  it('reads plugin servers with their folder, names with a dash under an underscore', async () => {
    const { settings } = await read(`
      pluginserver_names = my-js, Other   # two
      pluginserver_my_js_socket = run/my.socket
      pluginserver_my_js_start_cmd = node main.js \\#1
      pluginserver_my_js_query_cmd = node main.js -dump
      pluginserver_other_query_cmd = other -dump
    `)
    expect(settings.pluginServers).toEqual([
      {
        name: 'my-js',
        cwd: folder,
        socket: join(folder, 'run/my.socket'),
        startCommand: 'node main.js #1',
        queryCommand: 'node main.js -dump',
      },
      { name: 'other', cwd: folder, queryCommand: 'other -dump' },
    ])
  })

  it('reads what plugins notice by name, paths relative to the file, listeners on loopback', async () => {
    const { settings, warnings } = await read(
      'trusted_ips = 10.0.0.0/8,::/0\ndeclarative_config = kong.yml\nprefix = run\nproxy_listen = 0.0.0.0:8000 reuseport, 0.0.0.0:8443 http2 ssl\nnginx_worker_processes = 2\ndatabase = off\n',
    )
    expect(settings).toMatchObject({
      node: { trusted_ips: '10.0.0.0/8,::/0' },
      declarativeConfig: join(folder, 'kong.yml'),
      prefix: join(folder, 'run'),
      workerProcesses: 2,
      proxyListen: [
        { host: '127.0.0.1', port: 8000, tls: false, http2: false },
        { host: '127.0.0.1', port: 8443, tls: true, http2: true },
      ],
    })
    expect(warnings).toEqual([])
  })

  it('lets the environment win and warns once of what is not simulated', async () => {
    const { settings, warnings } = await read('log_level = info\nlua_package_path = x\n', {
      KONG_LOG_LEVEL: 'debug',
      KONG_TS_PROXY_PORT: '1',
      HOME: '/',
    })
    expect(settings.node).toEqual({ log_level: 'debug' })
    expect(warnings).toEqual([`${join(folder, 'kong.conf')}: lua_package_path is not simulated by this gateway and has no effect`])
  })

  it.each([
    ['a line without =', 'nonsense\n', /kong\.conf:1: "nonsense" is not a setting; write it as name = value$/],
    ['a plugin server without query command', 'pluginserver_names = x\n', /kong\.conf: pluginserver_x_query_cmd is missing; /],
    ['an address that is none', 'proxy_listen = here\n', /kong\.conf: proxy_listen: "here" is not an address; write host:port/],
    ['a number of workers that is none', 'nginx_worker_processes = many\n', /nginx_worker_processes is "many"; write a whole number/],
  ])('names %s', async (_, text, expected) => {
    await expect(read(text)).rejects.toThrow(expected)
    await expect(read(text)).rejects.toMatchObject({ code: 'ERR_GATEWAY_CONFIG' })
  })
})

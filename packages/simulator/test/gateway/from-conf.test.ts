import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startGatewayFromConf, type Gateway } from '../../src/gateway/index.js'
import { pluginServer, scripted, send } from './fixtures/gateway-harness.js'

const HEADER = { access: [['kong.response.set_header', ['x-here', 'one']]] } as const
const CHANGED = { access: [['kong.response.set_header', ['x-here', 'two']]] } as const

interface Started {
  readonly gateway: Gateway
  readonly folder: string
  readonly lines: string[]
  writeConfig(script: Record<string, readonly (readonly [string, readonly unknown[]])[]>): void
}

async function start(extra: string, env: Record<string, string> = {}, watch = false): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'kong-ts-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const server = pluginServer({ name: 'p' }, folder)
  const lines: string[] = []
  const writeConfig: Started['writeConfig'] = (script) => {
    const config = {
      _format_version: '3.0',
      services: [{ name: 's', url: 'http://echo.kong-ts' }],
      routes: [{ name: 'r', paths: ['/'], service: 's', plugins: [scripted('p', script)] }],
    }
    writeFileSync(join(folder, 'kong.yml'), JSON.stringify(config))
  }
  writeConfig(HEADER)
  const settings = [
    'declarative_config = kong.yml',
    'proxy_listen = 127.0.0.1:0',
    'admin_listen = 127.0.0.1:0',
    'prefix = run',
    'pluginserver_names = p',
    `pluginserver_p_socket = ${server.socket}`,
    `pluginserver_p_start_cmd = ${server.startCommand}`,
    `pluginserver_p_query_cmd = ${server.queryCommand}`,
    extra,
  ]
  writeFileSync(join(folder, 'kong.conf'), settings.join('\n'))
  const gateway = await startGatewayFromConf(join(folder, 'kong.conf'), {
    env,
    watch,
    log: (level, line) => lines.push(`[${level}] ${line}`),
  })
  onTestFinished(() => gateway.close())
  return { gateway, folder, lines, writeConfig }
}

const post = (url: string, body: string, type = 'application/json') =>
  fetch(`${url}/config`, { method: 'POST', body, headers: { 'content-type': type } })

describe('a gateway started from kong.conf', () => {
  it('serves what declarative_config says with the plugin servers of kong.conf, the environment winning', async () => {
    const { gateway, lines, folder } = await start('plugins = nothing\nnginx_http_foo = 1', { KONG_PLUGINS: 'bundled,p' })
    expect((await send(gateway.proxyUrl)).headers['x-here']).toBe('one')
    expect(lines).toContain(`[warn] ${join(folder, 'kong.conf')}: nginx_http_foo is not simulated by this gateway and has no effect`)
  })

  it('needs plugins to be enabled and installed, as Kong does', async () => {
    await expect(start('plugins = bundled')).rejects.toThrow(
      /kong\.yml: services\[0\]|routes\[0\]\.plugins\[0\]: plugin "p" is not enabled; add it to the setting plugins$/,
    )
    await expect(start('plugins = bundled,p,q')).rejects.toThrow('the plugin "q" is enabled but not installed; plugin servers offer: p')
  })

  it('takes another config at POST /config, also in a member or a form field config', async () => {
    const { gateway } = await start('plugins = p')
    const [admin = ''] = gateway.adminUrls
    const config = (value: string) => ({
      _format_version: '3.0',
      routes: [{ name: 'r', paths: ['/'] }],
      services: [],
      plugins: [scripted('p', { access: [['kong.response.exit', [200, value]]] })],
    })
    const text = async () => (await send(gateway.proxyUrl)).body.toString()
    const plain = await post(admin, JSON.stringify(config('plain')))
    expect([plain.status, await text()]).toEqual([201, 'plain'])
    expect(JSON.stringify(await plain.json())).toMatch(/^\{"services":\{\},"routes":\{"[0-9a-f-]{36}":\{.*"strip_path":true/)
    await post(admin, JSON.stringify({ config: JSON.stringify(config('member')) }))
    expect(await text()).toBe('member')
    const form = new FormData()
    form.set('config', new Blob([JSON.stringify(config('form'))]), 'kong.yml')
    expect((await fetch(`${admin}/config`, { method: 'POST', body: form })).status).toBe(201)
    expect(await text()).toBe('form')
  })

  it('refuses a bad config with 400 and goes on with the old one', async () => {
    const { gateway } = await start('plugins = p')
    const [admin = ''] = gateway.adminUrls
    const answer = await post(admin, JSON.stringify({ _format_version: '3.0', plugins: [{ name: 'p', config: { unknown: 1 } }] }))
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { name: 'invalid declarative configuration', code: 14, message: expect.stringContaining('plugins[0].config.unknown') },
    ])
    expect((await send(gateway.proxyUrl)).headers['x-here']).toBe('one')
  })

  it('tells its status and entities, and refuses to change them', async () => {
    const { gateway } = await start('plugins = p')
    const [admin = ''] = gateway.adminUrls
    const read = async (path: string): Promise<unknown> => (await fetch(`${admin}${path}`)).json()
    expect(await read('/status')).toMatchObject({
      database: { reachable: true },
      configuration_hash: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
    expect(await read('/')).toMatchObject({
      version: '3.9.1',
      plugins: { available_on_server: { p: { version: '1.0.0', priority: 1000 } }, enabled_in_cluster: ['p'] },
    })
    expect(await read('/services/s')).toMatchObject({ name: 's', host: 'echo.kong-ts', retries: 5 })
    expect(await read('/routes')).toMatchObject({ data: [{ name: 'r' }], next: null })
    expect((await fetch(`${admin}/services`, { method: 'POST' })).status).toBe(405)
    expect((await fetch(`${admin}/nothing`)).status).toBe(404)
  })

  it('reads the config anew when the file changes, and keeps the old one when the new one is wrong', async () => {
    const { gateway, folder, lines, writeConfig } = await start('plugins = p', {}, true)
    writeConfig(CHANGED)
    await expect.poll(async () => (await send(gateway.proxyUrl)).headers['x-here']).toBe('two')
    writeFileSync(join(folder, 'kong.yml'), '_format_version: "3.0"\nservices: 1\n')
    await expect.poll(() => lines.some((line) => line.startsWith('[error]') && line.includes('services is not a list'))).toBe(true)
    expect((await send(gateway.proxyUrl)).headers['x-here']).toBe('two')
  })
})

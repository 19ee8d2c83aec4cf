import { createRequire } from 'node:module'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { startGateway } from '../../src/gateway/index.js'
import { send } from './fixtures/gateway-harness.js'

const PLUGINS = fileURLToPath(new URL('fixtures/kong-js-plugins', import.meta.url))
const SERVER = join(dirname(createRequire(import.meta.url).resolve('kong-pdk/package.json')), 'bin/kong-js-pluginserver')

it('runs plugins of the official JavaScript PDK on its own plugin server', async () => {
  const prefix = mkdtempSync(join(tmpdir(), 'kong-ts-test-'))
  onTestFinished(() => rmSync(prefix, { recursive: true, force: true }))
  const command = `${process.execPath} ${SERVER} --plugins-directory ${PLUGINS}`
  const gateway = await startGateway({
    prefix,
    config: { _format_version: '3.0', routes: [{ name: 'r', paths: ['/'], plugins: [{ name: 'js-hello', config: { message: 'hi' } }] }] },
    pluginServers: [
      {
        name: 'js',
        queryCommand: `${command} --dump-all-plugins`,
        startCommand: `${command} --kong-prefix ${prefix} --sock-name js.socket`,
      },
    ],
  })
  onTestFinished(() => gateway.close())
  for (let index = 0; index < 3; index++) {
    const answer = await send(`${gateway.proxyUrl}/?a=1&a=2&b`)
    expect([answer.status, answer.headers['x-hello'], answer.headers['x-status']]).toEqual([
      200,
      `hi to ${new URL(gateway.proxyUrl).host}`,
      '200',
    ])
    expect(JSON.parse(JSON.parse(answer.body.toString()).headers['x-query'])).toEqual({ a: ['1', '2'], b: [] })
  }
})

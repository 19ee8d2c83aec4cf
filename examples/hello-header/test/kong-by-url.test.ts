import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGatewayFromConf, type Gateway } from '@kong-ts/testing/gateway'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const script = fileURLToPath(new URL('../dist/main.js', import.meta.url))

/** The scenario file, as somebody runs it who has a Kong: with nothing but the addresses of its proxy and its Admin API. */
describe('the scenario of hello-header in a Kong given by URL', () => {
  let folder: string
  let kong: Gateway

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kong-ts-test-'))
    const settings = [
      'proxy_listen = 127.0.0.1:0',
      'admin_listen = 127.0.0.1:0',
      'plugins = bundled,hello-header',
      'pluginserver_names = hello-header',
      `pluginserver_hello_header_socket = ${folder}/hello-header.socket`,
      `pluginserver_hello_header_start_cmd = ${process.execPath} ${script} -kong-prefix ${folder}`,
      `pluginserver_hello_header_query_cmd = ${process.execPath} ${script} -dump`,
    ]
    await writeFile(join(folder, 'kong.conf'), settings.join('\n'))
    kong = await startGatewayFromConf(join(folder, 'kong.conf'), { env: {} })
  })
  afterAll(async () => {
    await kong.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('passes as it does elsewhere', { timeout: 60_000 }, async () => {
    const env = { ...process.env, KONG_TS_PLACE: 'kong', KONG_TS_TARGET: kong.proxyUrl, KONG_TS_ADMIN: kong.adminUrls[0] }
    const vitest = join(repository, 'node_modules', 'vitest', 'vitest.mjs')
    const args = ['run', '--reporter=json', '--root', repository, 'examples/hello-header/test/hello-header.test.ts']
    const { stdout } = await promisify(execFile)(process.execPath, [vitest, ...args], { env, cwd: repository })
    const report: {
      readonly testResults: readonly {
        readonly assertionResults: readonly { readonly ancestorTitles: readonly string[]; readonly status: string }[]
      }[]
    } = JSON.parse(stdout)
    const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
    expect(tests.map(({ ancestorTitles, status }) => `${ancestorTitles.join(' ')}: ${status}`)).toEqual([
      'hello-header in kong: passed',
      'hello-header in kong: passed',
    ])
  })
})

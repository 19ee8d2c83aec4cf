import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGateway, type Gateway } from '@kong-ts/testing/gateway'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

describe.each(['MsgPack:1', 'ProtoBuf:1'] as const)('the plugin of the README on %s', (protocol) => {
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startGateway({ config: at('../kong.yml'), scripts: [at('../dist/main.js')], protocol })
  })
  afterAll(() => gateway.close())

  it.each(['src/request-guard.ts', 'src/main.ts', 'test/request-guard.unit.test.ts', 'test/request-guard.scenario.test.ts'])(
    'stands in the README as it stands in %s',
    async (file) => {
      const readme = await readFile(at('../../../README.md'), 'utf8')
      const source = await readFile(at(`../${file}`), 'utf8')
      expect(readme).toContain(`\`\`\`ts\n// ${file}\n${source}\`\`\``)
    },
  )

  it('lets a request with the header pass, and says so on the response', async () => {
    const response = await fetch(gateway.proxyUrl, { headers: { 'x-secret': '1' } })
    expect(response.status).toBe(200)
    expect(response.headers.get('x-guarded')).toBe('yes')
  })

  it('counts the calls that are under way, not those that are over', async () => {
    for (let call = 0; call < 15; call++) {
      // The log phase runs after the response: the count may lag behind by it.
      await expect.poll(async () => (await fetch(gateway.proxyUrl, { headers: { 'x-secret': '1' } })).status).toBe(200)
    }
  })

  it.each([
    ['without the header', '/', {}],
    ['to a path that a rule denies', '/admin', { 'x-secret': '1' }],
  ])('ends a request %s', async (_what, path, headers) => {
    const response = await fetch(`${gateway.proxyUrl}${path}`, { headers })
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual({ message: 'no' })
    expect(response.headers.get('x-guarded')).toBeNull()
  })
})

import { mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startGateway, type Gateway } from '@kong-ts/testing/gateway'

const script = fileURLToPath(new URL('../dist/main.js', import.meta.url))

interface SerializedLog {
  readonly request: { readonly uri: string; readonly method: string }
  readonly response: { readonly status: number }
}

describe.each(['MsgPack:1', 'ProtoBuf:1'] as const)('file-log behind the stand-in gateway, on %s', (protocol) => {
  let folder: string
  let file: string
  let gateway: Gateway | undefined

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kong-ts-test-'))
    file = join(folder, 'log.json')
  })
  afterEach(async () => {
    await gateway?.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function start(config: object): Promise<string> {
    gateway = await startGateway({
      config: { _format_version: '3.0', routes: [{ name: 'all', paths: ['/'] }], plugins: [{ name: 'file-log', config: { my_file_path: file, ...config } }] },
      scripts: [script],
      protocol,
    })
    return gateway.proxyUrl
  }

  async function lines(path: string): Promise<readonly SerializedLog[]> {
    const text = await readFile(path, 'utf8').catch(() => '')
    return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as SerializedLog)
  }

  it('writes one line of JSON per request, also for requests at the same time', async () => {
    const url = await start({})
    await Promise.all(Array.from({ length: 20 }, (_, index) => fetch(`${url}/page/${index}`)))
    await expect.poll(async () => (await lines(file)).length).toBe(20)
    const logged = await lines(file)
    expect(new Set(logged.map(({ request }) => request.uri)).size).toBe(20)
    expect(logged[0]).toMatchObject({ request: { method: 'GET' }, response: { status: 200 } })
  })

  it('follows a rotated file with reopen', async () => {
    const url = await start({ reopen: true })
    await fetch(`${url}/first`)
    await expect.poll(async () => (await lines(file)).length).toBe(1)
    await rename(file, `${file}.1`)
    await fetch(`${url}/second`)
    await expect.poll(async () => (await lines(file)).map(({ request }) => request.uri)).toEqual(['/second'])
  })
})

import { mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SerializedLog } from '@kong-ts/core'
import { createPluginTest, createScenario, scenarioPlaces, type Scenario } from '@kong-ts/testing'
import { startGateway } from '@kong-ts/testing/gateway'
import { FileLog } from '../src/file-log.js'

const script = new URL('../dist/main.js', import.meta.url)
let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kong-ts-test-'))
  file = join(folder, 'log.json')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function lines(): Promise<readonly SerializedLog[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): SerializedLog => JSON.parse(line))
}

/** The log phase comes after the response. */
const uris = async (): Promise<readonly (string | undefined)[]> => (await lines()).map(({ request }) => request?.uri)

describe.each(scenarioPlaces())('file-log in %s', (place) => {
  let scenario: Scenario | undefined
  afterEach(() => scenario?.close())

  it('writes one line of JSON per request', async () => {
    scenario = createScenario(FileLog, { script, place, config: { my_file_path: file } })
    await scenario.request({ url: '/first' }).run()
    // The log phase comes after the response.
    await expect.poll(uris).toEqual(['/first'])
    await scenario.request({ url: '/second', method: 'POST' }).upstream({ status: 201 }).run()
    await expect.poll(uris).toEqual(['/first', '/second'])
    expect((await lines())[1]).toMatchObject({ request: { method: 'POST' }, response: { status: 201 } })
  })

  it('follows a rotated file with reopen', async () => {
    scenario = createScenario(FileLog, { script, place, config: { my_file_path: file, reopen: true } })
    await scenario.request({ url: '/first' }).run()
    // The log phase comes after the response.
    await expect.poll(uris).toEqual(['/first'])
    await expect.poll(uris).toEqual(['/first'])
    await rename(file, `${file}.1`)
    await scenario.request({ url: '/second' }).run()
    await expect.poll(uris).toEqual(['/second'])
  })
})

describe('file-log with requests at the same time', () => {
  const paths = Array.from({ length: 20 }, (_, index) => `/page/${index}`)

  it('mixes no lines in memory', async () => {
    const test = createPluginTest(FileLog, { config: { my_file_path: file } })
    await Promise.all(paths.map((url) => test.request({ url }).run()))
    await test.close()
    expect([...(await uris())].toSorted()).toEqual(paths.toSorted())
  })

  it.each(['MsgPack:1', 'ProtoBuf:1'] as const)('mixes no lines on %s', async (protocol) => {
    const plugins = [{ name: 'file-log', config: { my_file_path: file } }]
    const gateway = await startGateway({
      config: { _format_version: '3.0', routes: [{ name: 'all', paths: ['/'] }], plugins },
      scripts: [fileURLToPath(script)],
      protocol,
    })
    try {
      await Promise.all(paths.map((path) => fetch(`${gateway.proxyUrl}${path}`)))
      await expect.poll(async () => [...(await uris())].toSorted()).toEqual(paths.toSorted())
    } finally {
      await gateway.close()
    }
  })
})

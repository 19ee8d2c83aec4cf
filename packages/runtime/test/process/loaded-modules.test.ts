import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KongClient } from '../kong-client.js'
import { PROTOCOLS } from '../protocols.js'
import { ProtobufKongClient } from '../protobuf-kong-client.js'

const HELLO = fileURLToPath(new URL('../../../../examples/hello-header/dist/main.js', import.meta.url))
const WRONG = fileURLToPath(new URL('../fixtures/wrong-server.mjs', import.meta.url))
const RECORDER = new URL('../fixtures/record-loaded-modules.mjs', import.meta.url).href

let folder: string
let child: ChildProcess | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kong-ts-test-'))
})
afterEach(async () => {
  child?.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

function start(script: string, ...args: string[]) {
  const server = spawn(process.execPath, ['--import', RECORDER, script, ...args], { env: { LOADED_MODULES: join(folder, 'loaded') } })
  child = server
  const output = { stdout: '', stderr: '' }
  server.stdout.on('data', (chunk) => (output.stdout += String(chunk)))
  server.stderr.on('data', (chunk) => (output.stderr += String(chunk)))
  return { output, exited: once(server, 'close').then(([code]) => ({ code: code as number | null, ...output })) }
}

/** Modules of the project that were loaded, from their package on: `core/dist/index.js`. */
async function loadedModules(): Promise<readonly string[]> {
  const urls = (await readFile(join(folder, 'loaded'), 'utf8')).trim().split('\n')
  return urls.flatMap((url) => /\/packages\/(.*)$/.exec(url)?.[1] ?? [])
}

describe.each(PROTOCOLS)('a server that has answered an event on %s', (protocol) => {
  it("has loaded nothing of Kong's schema language, of core's tooling, nor of the other protocol", async () => {
    const socket = join(folder, 'hello.socket')
    const { output } = start(HELLO, '-socket', socket, '-protocol', protocol)
    await expect.poll(() => output.stderr).toContain('info serving hello-header')
    const kong = protocol === 'MsgPack:1' ? await KongClient.connect(socket) : await ProtobufKongClient.connect(socket)
    const instance = await kong.startInstance('hello-header')
    expect(await kong.runEvent(instance, 'access', { 'kong.request.get_header': 'shop.example.net' })).toHaveLength(2)
    const modules = await loadedModules()
    expect(modules).toContain('runtime/dist/server/plugin-server.js')
    const other = protocol === 'MsgPack:1' ? 'protocol-protobuf' : 'protocol-msgpack'
    const unwanted = new RegExp(`^schema/|^core/dist/(tooling|generation/)|^runtime/dist/(dump/plugin-info|${other}/(?!pdk-support))`)
    expect(modules.filter((module) => unwanted.test(module))).toEqual([])
  })
})

describe('-dump of a server that is not built', () => {
  it('judges the plugin as Kong would, and prints its mistakes instead', async () => {
    const { code, stdout, stderr } = await start(WRONG, '-dump').exited
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('there is no field nothing')
    expect(await loadedModules()).toContain('schema/dist/index.js')
  })

  it('leaves the judgement out where a server serves', async () => {
    const { output } = start(WRONG, '-socket', join(folder, 'w.socket'))
    await expect.poll(() => output.stderr).toContain('info serving wrong')
  })
})

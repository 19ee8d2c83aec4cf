import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startGateway, type Gateway } from '../../src/gateway/index.js'
import { send } from './fixtures/gateway-harness.js'

const PHASES = ['rewrite', 'access', 'response', 'log']

async function startWith(socket: string, folder: string, config: Record<string, unknown>, phases = PHASES): Promise<Gateway> {
  const fields = [
    { config: { type: 'record', fields: [{ message: { type: 'string', default: 'hi' } }, { count: { type: 'integer', default: 3 } }] } },
  ]
  const info = {
    Protocol: 'ProtoBuf:1',
    Plugins: [{ Name: 'gogetset', Priority: 10, Version: '0.1.0', Phases: phases, Schema: { name: 'gogetset', fields } }],
  }
  writeFileSync(join(folder, 'dump.json'), JSON.stringify(info))
  const gateway = await startGateway({
    config,
    pluginServers: [{ name: 'gogetset', socket, queryCommand: `cat ${join(folder, 'dump.json')}` }],
  })
  onTestFinished(() => gateway.close())
  return gateway
}

/** The sequence of a call, field 1: it stands first, with or without the length before it. */
function sequenceOf(chunk: Buffer): Buffer {
  const start = chunk[0] === 0x08 ? 0 : 4
  return Buffer.from(chunk.subarray(start, start + 2))
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kong-ts-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

describe('ProtoBuf:1', () => {
  it('gives a body that nginx has spilled as the path of a file, which is gone after the event', async () => {
    const folder = temporaryFolder()
    const socket = join(folder, 'go.socket')
    const method = Buffer.from('kong.request.get_raw_body')
    let path = ''
    let content: Buffer | undefined
    const server = createServer((connection) => {
      connection.on('error', () => undefined)
      let sequence: Buffer = Buffer.alloc(0)
      connection.on('data', (chunk) => {
        if (chunk.includes('__plugin_id'))
          connection.write(Buffer.concat([Buffer.of(7, 0, 0, 0), sequenceOf(chunk), Buffer.of(0x8a, 0x02, 2, 0x10, 2)]))
        else if (chunk.includes('client_body_temp')) {
          path = chunk.toString().slice(chunk.indexOf('/'))
          content = readFileSync(path)
          connection.write(Buffer.concat([Buffer.of(0, 0, 0, 0, sequence.length, 0, 0, 0), sequence]))
        } else if (chunk.includes('access')) {
          sequence = sequenceOf(chunk)
          connection.write(Buffer.concat([Buffer.of(method.length, 0, 0, 0), method, Buffer.of(0, 0, 0, 0)]))
        }
      })
    })
    await new Promise<void>((resolve) => server.listen(socket, resolve))
    onTestFinished(() => void server.close())
    const gateway = await startWith(
      socket,
      folder,
      { _format_version: '3.0', routes: [{ name: 'r', paths: ['/'] }], plugins: [{ name: 'gogetset' }] },
      ['access'],
    )
    const body = Buffer.alloc(20_000, 'body ')
    const answer = await send(gateway.proxyUrl, { method: 'POST', body, headers: { 'content-length': String(body.length) } })
    expect([answer.status, content?.equals(body), existsSync(path)]).toEqual([200, true, false])
  })

  it('starts anew when the connection closes in an event, and gives 500 when nobody answers any more', async () => {
    const folder = temporaryFolder()
    const socket = join(folder, 'go.socket')
    let starts = 0
    const server = createServer((connection) => {
      connection.on('error', () => undefined)
      connection.on('data', (chunk) => {
        if (chunk.includes('__plugin_id')) {
          starts++
          connection.write(Buffer.concat([Buffer.of(7, 0, 0, 0), sequenceOf(chunk), Buffer.of(0x8a, 0x02, 2, 0x10, 2)]))
        } else {
          if (starts === 3) server.close()
          connection.destroy()
        }
      })
    })
    await new Promise<void>((resolve) => server.listen(socket, resolve))
    onTestFinished(() => void server.close())
    const gateway = await startWith(socket, folder, {
      _format_version: '3.0',
      routes: [{ name: 'r', paths: ['/'] }],
      plugins: [{ name: 'gogetset' }],
    })
    const answer = await send(gateway.proxyUrl)
    expect([answer.status, starts]).toEqual([500, 3])
  })
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../src/command-line/parse-arguments.js'

const SCRIPT = fileURLToPath(new URL('../fixtures/noisy-server.mjs', import.meta.url))

async function dump(...args: string[]): Promise<unknown> {
  const child = spawn(process.execPath, [SCRIPT, '-dump', ...args], { env: {}, stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout.on('data', (chunk) => (text += String(chunk)))
  await once(child, 'close')
  return JSON.parse(text)
}

describe('-protocol', () => {
  it('is what the dump says and the server speaks', async () => {
    expect(await dump('-protocol', 'ProtoBuf:1')).toMatchObject({
      Protocol: 'ProtoBuf:1',
      Plugins: [{ Name: 'noisy' }, { Name: 'second' }],
    })
    expect(await dump()).toMatchObject({ Protocol: 'MsgPack:1' })
    expect(parseArguments(['--protocol=ProtoBuf:1'])).toMatchObject({ kind: 'serve', protocol: 'ProtoBuf:1' })
  })

  it('is left to the script when it is not given', () => {
    expect(parseArguments([])).toMatchObject({ kind: 'serve', protocol: undefined })
  })

  it('is one of two: with any other, Kong would start and fail every request', () => {
    expect(() => parseArguments(['-protocol', 'ProtoBuf'])).toThrow('-protocol ProtoBuf is none of MsgPack:1, ProtoBuf:1')
  })
})

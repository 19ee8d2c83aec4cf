import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../src/command-line.js'
import { MINIMAL, OWN } from '../src/servers/known-servers.js'

const KNOWN = [OWN, MINIMAL]

describe('the command line of npm run bench', () => {
  it('compares every known server with every workload at 8 and 64 connections', () => {
    const options = readCommandLine([], KNOWN)
    expect(options?.parts).toEqual(new Set(['compare']))
    expect(options?.workloads.map(({ name }) => name)).toEqual(['w0', 'w1', 'w2', 'w3'])
    expect(options?.connections).toEqual([8, 64])
    expect(options?.servers.map(({ name }) => name)).toEqual(['kong-ts', 'minimal Node server'])
  })

  it('takes other servers, with the protocol they speak', () => {
    const options = readCommandLine(
      [
        '--servers',
        'go-pdk,old',
        '--peer',
        'go-pdk@ProtoBuf:1=/opt/bench -kong-prefix {prefix}',
        '--peer',
        'old=node old.js --socket={socket}',
      ],
      KNOWN,
    )
    expect(options?.servers).toMatchObject([
      { name: 'kong-ts' },
      { name: 'go-pdk', protocol: 'ProtoBuf:1', command: ['sh', '-c', 'exec /opt/bench -kong-prefix {prefix}'] },
      { name: 'old', protocol: 'MsgPack:1', command: ['sh', '-c', 'exec node old.js --socket={socket}'] },
    ])
  })

  it('measures memory or starts alone when asked to, and everything with --all', () => {
    expect(readCommandLine(['--memory'], KNOWN)?.parts).toEqual(new Set(['memory']))
    expect(readCommandLine(['--all'], KNOWN)?.parts).toEqual(new Set(['compare', 'memory', 'cold-start']))
    expect(readCommandLine(['--help'], KNOWN)).toBeUndefined()
  })

  it('says what is wrong', () => {
    expect(() => readCommandLine(['--rounds', '0'], KNOWN)).toThrow('--rounds 0: a whole number from 1 is needed')
    expect(() => readCommandLine(['--workloads', 'w9'], KNOWN)).toThrow('--workloads w9 is none of w0, w1, w2, w3')
    expect(() => readCommandLine(['--peer', 'nothing'], KNOWN)).toThrow('write NAME=COMMAND')
  })
})

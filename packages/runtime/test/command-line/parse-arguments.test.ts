import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../src/command-line/parse-arguments.js'

const SERVE = {
  kind: 'serve',
  socketPath: undefined,
  kongPrefix: '/usr/local/kong',
  socketMode: 0o600,
  logLevel: 'info',
  logFormat: 'text',
  maxMessageBytes: 134_217_728,
  maxBufferedBytes: 536_870_912,
  maxInstances: 10_000,
  instanceIdleSeconds: 3600,
  drainSeconds: 10,
  exitOnStdinClose: false,
}

describe('the command line', () => {
  it('takes one dash or two, and a value after a space or =', () => {
    for (const args of [['-kong-prefix', '/p'], ['--kong-prefix', '/p'], ['-kong-prefix=/p'], ['--kong-prefix=/p']]) {
      expect(parseArguments(args)).toEqual({ ...SERVE, kongPrefix: '/p' })
    }
  })

  it('knows dump, with and without a name, and help', () => {
    expect(parseArguments(['-dump'])).toEqual({ kind: 'dump', only: undefined, logLevel: 'info' })
    expect(parseArguments(['--dump=a'])).toEqual({ kind: 'dump', only: 'a', logLevel: 'info' })
    expect(parseArguments(['-kong-prefix', '/p', '--help'])).toEqual({ kind: 'help' })
  })

  it('reads socket path, mode and log options', () => {
    expect(parseArguments(['-socket=/s', '-socket-mode', '0660', '-log-level=debug', '--log-format', 'json'])).toEqual({
      ...SERVE,
      socketPath: '/s',
      socketMode: 0o660,
      logLevel: 'debug',
      logFormat: 'json',
    })
  })

  it('reads limits and times, and the flag that ties the server to its parent', () => {
    const args = [
      '-max-message-bytes=1048576',
      '-max-buffered-bytes',
      '4194304',
      '-max-instances=5',
      '-instance-idle-seconds=60',
      '-drain-seconds=3',
      '-exit-on-stdin-close',
    ]
    expect(parseArguments(args)).toEqual({
      ...SERVE,
      maxMessageBytes: 1_048_576,
      maxBufferedBytes: 4_194_304,
      maxInstances: 5,
      instanceIdleSeconds: 60,
      drainSeconds: 3,
      exitOnStdinClose: true,
    })
  })

  it.each([
    [['-max-instances=0'], '-max-instances 0 is not a whole number above 0'],
    [['-drain-seconds', '1e3'], '-drain-seconds 1e3 is not a whole number above 0'],
    [['-bogus'], 'unknown argument "-bogus": see -help'],
    [['serve'], 'unknown argument "serve": see -help'],
    [['-__proto__=1'], 'unknown argument "-__proto__=1": see -help'],
    [['-kong-prefix'], '-kong-prefix needs a value: -kong-prefix DIR'],
    [['-socket-mode=999'], '-socket-mode 999 is not an octal mode: write 600 or 660'],
    [['-log-level', 'loud'], '-log-level loud is none of debug, info, warn, error'],
  ])('refuses %j', (args, message) => {
    expect(() => parseArguments(args)).toThrow(message)
  })
})

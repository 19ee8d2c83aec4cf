import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../src/command-line/parse-arguments.js'

const SERVE = { kind: 'serve', socketPath: undefined, kongPrefix: '/usr/local/kong', socketMode: 0o600, logLevel: 'info', logFormat: 'text' }

describe('the command line', () => {
  it('takes one dash or two, and a value after a space or =', () => {
    for (const args of [['-kong-prefix', '/p'], ['--kong-prefix', '/p'], ['-kong-prefix=/p'], ['--kong-prefix=/p']]) {
      expect(parseArguments(args)).toEqual({ ...SERVE, kongPrefix: '/p' })
    }
  })

  it('knows dump, with and without a name, and help', () => {
    expect(parseArguments(['-dump'])).toEqual({ kind: 'dump', only: undefined })
    expect(parseArguments(['--dump=a'])).toEqual({ kind: 'dump', only: 'a' })
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

  it.each([
    [['-bogus'], 'unknown argument "-bogus": see -help'],
    [['serve'], 'unknown argument "serve": see -help'],
    [['-__proto__=1'], 'unknown argument "-__proto__=1": see -help'],
    [['-kong-prefix'], '-kong-prefix needs a value: -kong-prefix DIR'],
    [['-socket-mode=999'], '-socket-mode 999 is no octal mode: say 600 or 660'],
    [['-log-level', 'loud'], '-log-level loud is none of debug, info, warn, error'],
  ])('refuses %j', (args, message) => {
    expect(() => parseArguments(args)).toThrow(message)
  })
})

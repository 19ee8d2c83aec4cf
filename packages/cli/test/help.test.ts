import { describe, expect, it } from 'vitest'
import { kongTs } from './kong-ts.js'

const COMMANDS = ['new', 'dev', 'gateway', 'check', 'schema', 'conf', 'build']

describe('kong-ts --help', () => {
  it('names every command, and exits with 0', async () => {
    const { code, stdout, stderr } = await kongTs(['--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect([...stdout.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, name]) => name)).toEqual(COMMANDS)
  })

  it.each(COMMANDS)('of %s says what it exits with, gives an example, and fits a terminal', async (command) => {
    const { code, stdout } = await kongTs([command, '--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Exit code: 0[\s\S]*\n\nExamples?:\n {2}kong-ts /m)
    expect(stdout).toMatch(new RegExp(`^ {2}kong-ts ${command} `, 'm'))
    // Long words aside: the machine's own paths stand among the defaults.
    expect(stdout.split('\n').filter((line) => line.length > 82)).toEqual([])
  })

  it('is what a mistake is answered with, with exit code 1', async () => {
    expect(await kongTs(['chekc'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/unknown command 'chekc'\n\(Did you mean check\?\)\n\(see kong-ts --help\)/) as string,
    })
    expect(await kongTs([])).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Usage: kong-ts/) as string })
  })
})

import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { Access, Field, Plugin } from '@kong-ts/core'
import { createServerLog } from '@kong-ts/runtime'
import { startTestServer, type TestServer } from '../test-server.js'

@Plugin('1.0.0', 1)
class Keeper {
  @Field({ encrypted: true }) password = 'unset'
  @Field({ referenceable: true }) token = 'unset'
  @Field() retries = 1

  @Access()
  access() {
    throw new Error('first line\nsecond line')
  }
}

let server: TestServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

describe('the log', () => {
  it('holds one line per record, even for errors of several', async () => {
    server = await startTestServer([Keeper])
    const kong = await server.connect()
    await kong.runEvent(await kong.startInstance('keeper'), 'access')
    const lines = server.log.filter((line) => line.includes('second line'))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(
      /^error \[keeper access\] handler failed, client answered with 500 \(instance \d+, event \d+\) \| Error: first line ⏎ second line ⏎ at [^\n]+\n$/,
    )
  })

  it('never holds the value of a secret field, nor does Kong get to see it', async () => {
    server = await startTestServer([Keeper])
    const kong = await server.connect()
    const config = { password: { hunter2: true }, token: 4711, retries: 'x' }
    const refusal = await kong.startInstance('keeper', config).then(() => '', String)
    expect(refusal).toContain('config.password')
    for (const text of [refusal, ...server.log]) expect(text).not.toMatch(/hunter2|4711/)
  })

  it.each(['text', 'json'] as const)('names the lines of a stack that were written, not the compiled ones, as %s', async (format) => {
    const built = new URL('../../../../examples/hello-header/dist/hello-header.js', import.meta.url)
    const source = new URL('../src/hello-header.ts', built)
    const [from, to] = [built, source].map(
      (file) =>
        readFileSync(file, 'utf8')
          .split('\n')
          .findIndex((line) => line.includes('response.setHeader')) + 1,
    )
    const error = new Error('broken')
    error.stack = `Error: broken\n    at HelloHeader.access (${built.href}:${from}:9)\n    at elsewhere (file:///no/such/file.js:3:4)\n    at node:internal/timers:5:6`
    const lines: string[] = []
    const log = createServerLog({ level: 'info', format, write: (line) => lines.push(line) })
    log.error({ err: error }, 'handler failed')
    expect(lines.join('')).toContain(`at HelloHeader.access (${source.href}:${to}:`)
    expect(lines.join('')).toContain('at elsewhere (file:///no/such/file.js:3:4)')
    expect(lines.join('')).toContain('at node:internal/timers:5:6')
  })

  it('does no work for levels that are off', async () => {
    const lines: string[] = []
    const log = createServerLog({ level: 'info', format: 'json', write: (line) => lines.push(line) })
    const context = {
      get plugin(): string {
        throw new Error('looked at')
      },
    }
    log.debug(context, 'unseen')
    expect(lines).toEqual([])
  })
})

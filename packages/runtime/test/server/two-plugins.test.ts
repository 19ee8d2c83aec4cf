import { fileURLToPath } from 'node:url'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startGateway } from '@kong-ts/simulator/gateway'

const SCRIPT = fileURLToPath(new URL('../fixtures/noisy-server.mjs', import.meta.url))

it('trap first plugin of a dump: two names of Kong 3.9 share a socket and a process, with a dump each', async () => {
  const prefix = await mkdtemp(join(tmpdir(), 'kong-ts-test-'))
  const socket = join(prefix, 'noisy.socket')
  const command = `${process.execPath} ${SCRIPT}`
  const gateway = await startGateway({
    prefix,
    pluginServers: [
      {
        name: 'noisy',
        socket,
        startCommand: `${command} -kong-prefix ${prefix} -exit-on-stdin-close`,
        queryCommand: `${command} -dump=noisy`,
      },
      { name: 'second', socket, queryCommand: `${command} -dump=second` },
    ],
    config: {
      _format_version: '3.0',
      routes: [
        { name: 'one', paths: ['/one'], plugins: [{ name: 'noisy' }] },
        { name: 'two', paths: ['/two'], plugins: [{ name: 'second' }] },
        { name: 'none', paths: ['/none'] },
      ],
    },
  })
  try {
    const marks = await Promise.all(
      ['one', 'two', 'none'].map(async (path) => (await fetch(`${gateway.proxyUrl}/${path}`)).headers.get('x-done')),
    )
    expect(marks).toEqual(['yes', 'yes', null])
    expect(gateway.pluginServerPids).toHaveLength(1)
  } finally {
    await gateway.close()
    await rm(prefix, { recursive: true, force: true })
  }
})

import type { ServerResponse } from 'node:http'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startGateway, type Gateway, type PluginServerProtocol } from '../../src/gateway/index.js'
import { gatewaysOn, pluginServer, PROTOCOLS, scripted, send, startUpstream } from './fixtures/gateway-harness.js'

const CALL = { access: [['kong.response.set_header', ['x-ran', 'yes']]] } as const

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

interface ScriptedGateway extends Gateway {
  readonly lines: readonly string[]
}

/** A gateway whose plugin server is started by `start.sh` and queried by `query.sh` in `folder`, which tests rewrite. */
async function startFromScripts(
  protocol: PluginServerProtocol,
): Promise<{ readonly gateway: ScriptedGateway; readonly folder: string; readonly startCommand: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'kong-ts-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const { startCommand = '', ...server } = pluginServer({ name: 'p', protocol }, folder)
  writeFileSync(join(folder, 'start.sh'), `exec ${startCommand}`)
  writeFileSync(join(folder, 'query.sh'), `exec ${server.queryCommand}`)
  writeFileSync(join(folder, 'count'), '0')
  const lines: string[] = []
  const gateway = await startGateway({
    config: { _format_version: '3.0', routes: [{ name: 'r', paths: ['/'] }], plugins: [scripted('p', CALL)] },
    pluginServers: [{ ...server, startCommand: `sh ${join(folder, 'start.sh')}`, queryCommand: `sh ${join(folder, 'query.sh')}` }],
    log: (_, line) => void lines.push(line),
  })
  onTestFinished(() => gateway.close())
  return { gateway: Object.assign(Object.create(gateway), { lines }), folder, startCommand }
}

describe.each(PROTOCOLS)('restarting plugin servers of %s', (protocol) => {
  const startTestGateway = gatewaysOn(protocol)

  it('sends new requests to the new process while those under way end on the old one', async () => {
    let held: ServerResponse | undefined
    const upstream = await startUpstream((request, response) => {
      if (request.url === '/hold') held = response
      else response.end()
    })
    const gateway = await startTestGateway([{ name: 'p', phases: 'access,log' }], {
      processes: true,
      config: {
        _format_version: '3.0',
        services: [{ name: 's', url: upstream.url, routes: [{ name: 'r', paths: ['/'] }] }],
        plugins: [scripted('p', CALL)],
      },
    })
    const [oldPid = 0] = gateway.pluginServerPids
    const slow = send(`${gateway.proxyUrl}/hold`)
    await expect.poll(() => held).toBeDefined()
    const restarted = gateway.restartPluginServers(['p'])
    await expect.poll(() => gateway.pluginServerPids.length).toBe(2)
    await expect
      .poll(async () => {
        await send(gateway.proxyUrl)
        return gateway.log.lines.some((line) => line.includes('"event":"access"') && !line.includes(`[p:${oldPid}]`))
      })
      .toBe(true)
    expect(isAlive(oldPid)).toBe(true)
    held?.end()
    expect((await slow).headers['x-ran']).toBe('yes')
    await restarted
    expect([isAlive(oldPid), gateway.pluginServerPids.length]).toEqual([false, 1])
    const byOld = gateway.log.lines.filter((line) => line.includes(`[p:${oldPid}]`) && line.includes('"event"'))
    expect(byOld.map((line) => /"event":"(\w+)"/.exec(line)?.[1]).slice(0, 1)).toEqual(['access'])
    expect(byOld.at(-1)).toContain('"event":"log"')
    expect((await send(gateway.proxyUrl)).headers['x-ran']).toBe('yes')
  })

  it('keeps the old process when the new one does not come up, or no longer takes the configuration', async () => {
    const { gateway, folder } = await startFromScripts(protocol)
    const pids = gateway.pluginServerPids
    const stillServes = async () =>
      expect([(await send(gateway.proxyUrl)).headers['x-ran'], gateway.pluginServerPids]).toEqual(['yes', pids])
    writeFileSync(join(folder, 'start.sh'), 'echo broken; exit 1')
    await expect(gateway.restartPluginServers()).rejects.toThrow(/ended \(exit code 1\) before it listened .* its last line: broken$/)
    await stillServes()
    const schema = '{"name":"p","fields":[{"config":{"type":"record","fields":[]}}]}'
    writeFileSync(join(folder, 'query.sh'), `echo '[{"Name":"p","Version":"1.0.0","Priority":1,"Phases":[],"Schema":${schema}}]'`)
    await expect(gateway.restartPluginServers()).rejects.toThrow(/plugins\[0\]\.config\.\w+: unknown field/)
    await stillServes()
    await expect(gateway.restartPluginServers(['q'])).rejects.toThrow('there is no plugin server "q"; there are p')
  })
})

describe('restarting plugin servers', () => {
  it.each([
    ['good', 'broken'],
    ['broken', 'good'],
    ['good', 'removes the socket and ends'],
    ['good', 'good'],
  ])('serves with the last process that works when restarts overlap: first %s, then %s', async (...kinds) => {
    const { gateway, folder, startCommand } = await startFromScripts('MsgPack:1')
    const [oldPid = 0] = gateway.pluginServerPids
    const commands: Record<string, string> = {
      good: `exec ${startCommand}`,
      // Lives on for a while without listening.
      broken: 'sleep 0.5; exit 1',
      'removes the socket and ends': `rm ${folder}/p.socket; exit 1`,
    }
    // Each process takes the next command. The last one is for a process that has to be started again.
    const started = [...kinds, 'good']
    started.forEach((kind, index) => writeFileSync(join(folder, `start-${index + 1}.sh`), commands[kind] ?? ''))
    writeFileSync(join(folder, 'start.sh'), `n=$(($(cat ${folder}/count) + 1)); echo $n > ${folder}/count; exec sh ${folder}/start-$n.sh`)
    const restarts = [gateway.restartPluginServers(), gateway.restartPluginServers(['p'])]
    const outcomes = await Promise.allSettled(restarts)
    expect(outcomes.map(({ status }) => status)).toEqual(kinds.map((kind) => (kind === 'good' ? 'fulfilled' : 'rejected')))
    expect((await send(gateway.proxyUrl)).headers['x-ran']).toBe('yes')
    const { pluginServerPids } = gateway
    expect([pluginServerPids.length, isAlive(pluginServerPids[0] ?? 0), isAlive(oldPid)]).toEqual([1, true, false])
  })

  it('is given up when the gateway closes', async () => {
    const { gateway, folder } = await startFromScripts('MsgPack:1')
    writeFileSync(join(folder, 'start.sh'), `trap '' TERM; echo never; while :; do sleep 0.1; done`)
    const restarted = expect(gateway.restartPluginServers()).rejects.toThrow('the gateway was closed while plugin servers were starting')
    await expect.poll(() => gateway.lines.some((line) => line.endsWith('] never'))).toBe(true)
    const pids = gateway.pluginServerPids
    expect(pids).toHaveLength(2)
    await gateway.close()
    await restarted
    expect(pids.filter(isAlive)).toEqual([])
  })

  it('leaves alone a socket that someone else serves and a file that is no socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kong-ts-test-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const config = { _format_version: '3.0' }
    const server = pluginServer({ name: 'p' }, folder)
    const first = await startGateway({ config, pluginServers: [server] })
    onTestFinished(() => first.close())
    await expect(startGateway({ config, pluginServers: [server] })).rejects.toThrow(
      /p\.socket is in use by another process; give it another socket$/,
    )
    writeFileSync(join(folder, 'file'), 'precious')
    await expect(startGateway({ config, pluginServers: [{ ...server, socket: join(folder, 'file') }] })).rejects.toThrow(
      /file exists and is not a socket; give it another socket$/,
    )
    expect(first.pluginServerPids.filter(isAlive)).toHaveLength(1)
  })
})

import { describe, expect, it } from 'vitest'
import { Certificate, Field, Log, Plugin, Preread, type PDK } from '@kong-ts/core'
import { createPluginTest } from '../../src/index.js'

@Plugin('1.0.0', 1)
class Doorkeeper {
  @Field() allowed = '127.0.0.1'

  @Certificate()
  async certificate(kong: PDK): Promise<void> {
    await kong.log.notice('shaking hands')
  }

  @Preread()
  async preread(kong: PDK): Promise<void> {
    if ((await kong.client.getIp()) !== this.allowed) await kong.response.exit(403, 'go away')
    await kong.service.setTarget('other.test', 4000)
  }

  @Log()
  async log(kong: PDK): Promise<void> {
    await kong.log.serialize()
  }
}

describe('a connection that is no HTTP', () => {
  it('runs preread and log, and is carried where the plugin says', async () => {
    const result = await createPluginTest(Doorkeeper).connection().run()
    expect(result.errors).toEqual([])
    expect(result.phases).toEqual(['preread', 'log'])
    expect(result.target).toEqual({ host: 'other.test', port: 4000, tls: false })
    expect(result.serialized).toMatchObject({
      session: { status: 200, server_port: 9000 },
      service: { name: 'test-service' },
      client_ip: '127.0.0.1',
    })
  })

  it('runs certificate before, when the client asks for a server name', async () => {
    const { phases, logLines } = await createPluginTest(Doorkeeper).connection({ serverName: 'kong.test' }).run()
    expect(phases).toEqual(['certificate', 'preread', 'log'])
    expect(logLines[0]?.text).toContain('shaking hands')
  })

  it('ends at an exit', async () => {
    const { exit, target, phases, logLines } = await createPluginTest(Doorkeeper).connection({ clientIp: '10.0.0.9' }).run()
    expect([exit, target, phases]).toEqual([{ status: 403, body: 'go away' }, undefined, ['preread', 'log']])
    expect(logLines[0]).toMatchObject({ level: 'error', text: expect.stringContaining('status: 403, err: go away') })
  })

  it('takes stubs', async () => {
    const { exit } = await createPluginTest(Doorkeeper).connection().stub('kong.client.get_ip', '10.0.0.9').run()
    expect(exit?.status).toBe(403)
  })
})

describe('the TLS handshake of a request', () => {
  it('runs certificate before rewrite, with nothing of the request there', async () => {
    @Plugin('1.0.0', 1)
    class Curious {
      @Certificate()
      async certificate(kong: PDK): Promise<void> {
        await kong.client.getIp()
      }
    }
    const test = createPluginTest(Curious)
    expect((await test.request({ url: 'http://kong.test/' }).run()).phases).toEqual([])
    const { phases, errors, response } = await test.request({ url: 'https://kong.test/' }).run()
    expect(phases).toEqual(['certificate'])
    expect(String(errors[0]?.error)).toContain('kong.client.get_ip cannot be called in the certificate phase')
    expect(response?.status).toBe(200)
  })
})

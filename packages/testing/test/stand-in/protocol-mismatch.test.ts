import { describe, expect, it } from 'vitest'
import { Access, Plugin, type PDK } from '@kong-ts/core'
import { createPluginTest, type TestHeaders, type TestResponse } from '../../src/index.js'

@Plugin('1.0.0', 1)
class Quiet {
  @Access()
  async access(_kong: PDK): Promise<void> {}
}

async function ask(protocols: readonly string[], headers: TestHeaders, httpVersion: '1.1' | '2' = '2'): Promise<TestResponse | undefined> {
  const request = createPluginTest(Quiet).request({ headers, httpVersion })
  return (await request.route({ name: 'r', paths: ['/'], protocols: [...protocols] }).run()).response
}

const GRPC = { 'Content-Type': 'application/grpc' }

describe('a route for gRPC', () => {
  it('answers 415 to a request of another content type', async () => {
    const response = await ask(['grpc'], { 'Content-Type': 'text/plain' })
    expect([response?.status, new TextDecoder().decode(response?.body)]).toEqual([
      415,
      expect.stringContaining('Non-gRPC request matched gRPC route'),
    ])
  })

  it('answers 426 to HTTP/1.1', async () => {
    const response = await ask(['grpc', 'grpcs'], GRPC, '1.1')
    expect([response?.status, response?.header('upgrade')]).toEqual([426, 'HTTP/2'])
  })

  it('for grpcs alone, answers a call without TLS with a gRPC status', async () => {
    const response = await ask(['grpcs'], GRPC)
    expect([response?.status, response?.header('grpc-status'), response?.header('grpc-message')]).toEqual([
      200,
      '1',
      'gRPC request matched gRPCs route',
    ])
  })

  it('lets a gRPC call pass', async () => {
    expect((await ask(['grpc'], GRPC))?.status).toBe(200)
  })
})

import { describe, expect, it } from 'vitest'
import { Access, Plugin, type PDK, type ResponseBody } from '@kong-ts/core'
import { createPluginTest, type TestResponse } from '../../src/index.js'

/** What a gRPC client gets when a plugin calls `kong.response.exit` in access. */
async function exitWith(status: number, body?: ResponseBody): Promise<TestResponse | undefined> {
  @Plugin('1.0.0', 1)
  class Exiting {
    @Access()
    async access(kong: PDK): Promise<void> {
      await kong.response.exit(status, body, { 'Content-Type': 'application/grpc' })
    }
  }
  return (await createPluginTest(Exiting).request({}).run()).response
}

// Kong 3.9.1, kong/pdk/response.lua: HTTP_TO_GRPC_STATUS, GRPC_MESSAGES.
describe('an exit of type application/grpc', () => {
  it.each([
    [200, 0, 'OK'],
    [201, 0, 'OK'],
    [299, 0, 'OK'],
    [300, 2, 'Unknown'],
    [302, 2, 'Unknown'],
    [400, 3, 'InvalidArgument'],
    [401, 16, 'Unauthenticated'],
    [402, 3, 'InvalidArgument'],
    [403, 7, 'PermissionDenied'],
    [404, 5, 'NotFound'],
    [409, 6, 'AlreadyExists'],
    [429, 8, 'ResourceExhausted'],
    [500, 13, 'Internal'],
    [501, 12, 'Unimplemented'],
    [502, 13, 'Internal'],
    [503, 14, 'Unavailable'],
    [504, 4, 'DeadlineExceeded'],
    [599, 13, 'Internal'],
  ])('with %i says gRPC status %i, %s', async (status, grpcStatus, message) => {
    const response = await exitWith(status)
    const headers = ['grpc-status', 'grpc-message', 'content-length'].map((name) => response?.header(name))
    expect([response?.status, ...headers]).toEqual([status, String(grpcStatus), message, '0'])
  })
})

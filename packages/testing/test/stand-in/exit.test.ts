import { describe, expect, it } from 'vitest'
import { Access, Plugin, type Headers, type PDK, type ResponseBody } from '@kong-ts/core'
import { createPluginTest, type TestRequest, type TestResponse } from '../../src/index.js'

/** What a client gets when a plugin calls `kong.response.exit` in access. */
async function exitWith(
  status: number,
  body?: ResponseBody,
  headers?: Headers,
  request: TestRequest = {},
): Promise<TestResponse | undefined> {
  @Plugin('1.0.0', 1)
  class Exiting {
    @Access()
    async access(kong: PDK): Promise<void> {
      if (status === 302) await kong.response.setHeader('Location', '/there')
      await kong.response.exit(status, body, headers)
    }
  }
  return (await createPluginTest(Exiting).request(request).run()).response
}

describe('an exit with a body', () => {
  it('sends text without a type of its own', async () => {
    const response = await exitWith(403, 'no')
    expect([response?.status, response?.reason, response?.text, response?.header('content-type')]).toEqual([
      403,
      'Forbidden',
      'no',
      undefined,
    ])
  })

  it('sends a table as JSON', async () => {
    const response = await exitWith(200, { a: 'x/y' })
    expect(response?.text).toBe('{"a":"x/y"}')
    expect(response?.header('content-type')).toBe('application/json; charset=utf-8')
  })

  it('cuts the body to a smaller Content-Length', async () => {
    const response = await exitWith(200, 'abc', { 'Content-Length': '2' })
    expect(response?.header('content-length')).toBe('2')
  })

  it('keeps a line break in a header from starting another', async () => {
    const response = await exitWith(200, 'x', { 'X-A': 'a\r\nX-B: b' })
    expect(response?.header('x-a')).toBe('a%0D%0AX-B: b')
    expect(response?.header('x-b')).toBeUndefined()
  })
})

describe('an exit without a body', () => {
  it.each([200, 201, 202])('with %i says that the body is empty', async (status) => {
    const response = await exitWith(status)
    expect([response?.status, response?.header('content-length'), response?.text]).toEqual([status, '0', ''])
  })

  it('with 204 says nothing of a body', async () => {
    expect((await exitWith(204))?.headers).not.toHaveProperty('content-length')
  })

  it('with a status Kong has a page for gets that page, in the type the client accepts', async () => {
    const plain = await exitWith(404, undefined, undefined, { headers: { accept: 'text/plain' } })
    expect(plain?.text).toMatch(/^Not found\nrequest_id: /)
    const json = await exitWith(503, undefined, undefined, { headers: { accept: 'application/json' } })
    expect(json?.json()).toMatchObject({ message: 'The upstream server is currently unavailable' })
  })

  it("with another error or redirect gets nginx's page", async () => {
    const forbidden = await exitWith(403)
    expect([forbidden?.header('content-type'), forbidden?.text]).toEqual([
      'text/html; charset=UTF-8',
      '<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1></center>\r\n</body>\r\n</html>\r\n',
    ])
    const moved = await exitWith(302)
    expect([moved?.status, moved?.header('content-type'), moved?.header('location')]).toEqual([302, 'text/html', '/there'])
    expect(moved?.text).toContain('302 Found')
  })

  it('with a status nginx has no page for is empty', async () => {
    const response = await exitWith(422)
    expect([response?.status, response?.header('content-length'), response?.text]).toEqual([422, '0', ''])
  })
})

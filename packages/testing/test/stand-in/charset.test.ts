import { expect, it } from 'vitest'
import { Access, Plugin, type PDK } from '@kong-ts/core'
import { createPluginTest } from '../../src/index.js'

async function typeOf(contentType: string): Promise<string | undefined> {
  @Plugin('1.0.0', 1)
  class Exiting {
    @Access()
    async access(kong: PDK): Promise<void> {
      await kong.response.exit(200, 'x', { 'Content-Type': contentType })
    }
  }
  return (await createPluginTest(Exiting).request({}).run()).response?.header('content-type')
}

// nginx's charset_types, with the `charset UTF-8` of Kong's template.
it.each(['text/html', 'text/xml', 'text/plain', 'text/vnd.wap.wml', 'application/javascript', 'application/rss+xml'])(
  '%s gets a charset from nginx',
  async (type) => {
    expect(await typeOf(type)).toBe(`${type}; charset=UTF-8`)
  },
)

it.each(['text/css', 'application/json', 'text/html; charset=iso-8859-1'])('%s stays as it is', async (type) => {
  expect(await typeOf(type)).toBe(type)
})

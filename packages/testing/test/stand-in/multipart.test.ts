import { describe, expect, it } from 'vitest'
import { createMockPdk } from '../../src/index.js'

async function parts(body: string, contentType = 'multipart/form-data; boundary=B'): Promise<unknown> {
  const { kong } = createMockPdk({ request: { method: 'POST', headers: { 'Content-Type': contentType }, body } })
  return kong.request.getBody()
}

function part(name: string, value: string): string {
  return `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
}

describe('a multipart body', () => {
  it('has a list for a repeated name', async () => {
    expect(await parts(`${part('a', '1')}${part('a', '2')}${part('b', '3')}--B--\r\n`)).toEqual({ a: ['1', '2'], b: '3' })
  })

  it('whose last part has no end forgets others of its name', async () => {
    expect(await parts(`${part('a', '1')}${part('b', '3')}${part('a', '2')}`)).toEqual({ a: '2\r\n', b: '3' })
  })

  it('loses the first and last character of a name without quotes', async () => {
    expect(await parts('--B\r\nContent-Disposition: form-data; name=abc\r\n\r\n1\r\n--B--')).toEqual({ b: '1' })
  })

  it.each(['multipart/form-data', 'multipart/form-data; boundary=', 'multipart/form-data; boundary=C'])(
    'has no parts under %s',
    async (type) => {
      expect(await parts(`${part('a', '1')}--B--`, type)).toEqual([])
    },
  )
})

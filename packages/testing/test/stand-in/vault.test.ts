import { describe, expect, it } from 'vitest'
import { createMockPdk } from '../../src/index.js'

const env = new Map([
  ['MY_SECRET', 's3cr3t'],
  ['MY_SECRET_PREVIOUS', 'old'],
  ['A/B', '{"user":"ann","n":7}'],
])

function parse(reference: string): Promise<unknown> {
  return createMockPdk().kong.raw('kong.vault.parse_reference', reference)
}

function read(reference: string): Promise<unknown> {
  return createMockPdk({ node: { env } }).kong.raw('kong.vault.get', reference)
}

describe('a reference to a secret', () => {
  it.each([
    ['{vault://env/secret}', { name: 'env', resource: 'secret' }],
    ['{vault://env/doc/user}', { name: 'env', resource: 'doc', key: 'user' }],
    ['{vault://env/a/b/user}', { name: 'env', resource: 'a/b', key: 'user' }],
    ['{vault://env/a/b/}', { name: 'env', resource: 'a/b' }],
    ['{vault://env/a%2Db?prefix=x&bare#2}', { name: 'env', resource: 'a-b', config: { prefix: 'x', bare: true }, version: 2 }],
    ['{vault://me@env:80/x;y=1}', { name: 'env', resource: 'x' }],
  ])('%s is taken apart', async (reference, parts) => {
    expect(await parse(reference)).toEqual(parts)
  })

  it.each(['{vault://env}', '{vault://env/}', '{vault:///x}', '{vault://env/x#one}', '{vault://env/x', 'vault://env/x'])(
    '%s is none',
    async (reference) => {
      expect(await parse(reference)).toBeUndefined()
    },
  )
})

describe('a secret of the environment', () => {
  it('is found by its name in capitals, its prefix before it', async () => {
    expect(await read('{vault://env/my-secret}')).toBe('s3cr3t')
    expect(await read('{vault://env/secret?prefix=my_}')).toBe('s3cr3t')
    expect(await read('{vault://env/secret?prefix=1_}')).toBeUndefined()
  })

  it('has one previous version', async () => {
    expect(await read('{vault://env/my-secret#2}')).toBe('old')
    expect(await read('{vault://env/my-secret#3}')).toBe('s3cr3t')
  })

  it('gives text members of a document only', async () => {
    expect(await read('{vault://env/a/b/user}')).toBe('ann')
    expect(await read('{vault://env/a/b/n}')).toBeUndefined()
  })

  it('is out of reach in other vaults', async () => {
    expect(await read('{vault://aws/my-secret}')).toBeUndefined()
  })
})

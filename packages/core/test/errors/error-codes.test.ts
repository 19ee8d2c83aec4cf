import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '@kong-ts/core/tooling'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** The codes with which the sources of all packages construct errors, with the files that do. */
function thrownCodes(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const name of readdirSync(join(root, 'packages'))) {
    const source = join(root, 'packages', name, 'src')
    for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue
      for (const [, code = ''] of readFileSync(join(source, file), 'utf8').matchAll(/(?:super|new \w+Error)\(\s*'(ERR_[A-Z_]+)'/g))
        found.set(code, [...(found.get(code) ?? []), `${name}/${file}`])
    }
  }
  return found
}

describe('the table of error codes', () => {
  it('has every code that is thrown, and no other', () => {
    const thrown = thrownCodes()
    expect([...thrown.keys()].filter((code) => !Object.hasOwn(ERROR_CODES, code))).toEqual([])
    expect(Object.keys(ERROR_CODES).filter((code) => !thrown.has(code))).toEqual([])
  })

  it('is what docs/errors.md shows', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/generate-error-docs.mjs'), '--check'], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
})

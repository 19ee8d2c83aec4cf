import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { watchScripts } from '../src/dev/watch-scripts.js'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kong-ts-test-'))
  await mkdir(join(folder, 'dist'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('watching the output of scripts', () => {
  it('tells many written files as one change, and nothing after it is closed', async () => {
    const script = join(folder, 'dist', 'main.js')
    const changed: string[] = []
    const watching = watchScripts([script], (name) => changed.push(name))
    await writeFile(script, '1')
    await writeFile(join(folder, 'dist', 'other.js'), '1')
    await expect.poll(() => changed).toEqual([script])
    await writeFile(script, '2')
    await sleep(50)
    watching.close()
    await sleep(400)
    expect(changed).toEqual([script])
  })
})

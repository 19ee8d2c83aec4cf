import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import type { PdkCallOutcome, RunPdkCall } from '../protocol/plugin-server-client.js'

const MULTI_MAPS = new Set([
  'kong.request.get_query',
  'kong.request.get_headers',
  'kong.response.get_headers',
  'kong.service.response.get_headers',
])

/**
 * Runs a PDK call for ProtoBuf:1. `run` answers as for MsgPack:1. Where the protocols differ, this gives the result of the PDK function
 * itself: plain values in multi-maps, and the path of the file for a body that nginx has written to a file.
 */
export async function runPlainCall(run: RunPdkCall, method: string, args: readonly LuaValue[], files: BodyFiles): Promise<PdkCallOutcome> {
  if (method === 'kong.request.get_raw_body') return rawBody(run, files)
  const outcome = await run(method, args)
  if (outcome.outcome !== 'answered' || !MULTI_MAPS.has(method) || !(outcome.value instanceof LuaTable)) return outcome
  const plain = new LuaTable()
  for (const [key, value] of outcome.value) plain.set(key, plainMember(value))
  return { ...outcome, value: plain }
}

/** A list of one item becomes the item, an empty list becomes true: the key had no value. */
function plainMember(value: LuaValue): LuaValue {
  if (!(value instanceof LuaTable)) return value
  if (value.size === 0) return true
  return value.size === 1 ? value.get(1) : value
}

/** Calls with the limit 0, which means none: otherwise the call gives nil for a body in a file. */
async function rawBody(run: RunPdkCall, files: BodyFiles): Promise<PdkCallOutcome> {
  const outcome = await run('kong.request.get_raw_body', [0])
  if (outcome.outcome !== 'answered') return outcome
  const file = await run('kong.nginx.get_var', ['request_body_file'])
  if (file.outcome !== 'answered') return file
  const isSpilled = typeof file.value === 'string' && file.value !== '' && outcome.value instanceof Uint8Array
  return { ...outcome, value: LuaTable.record([isSpilled ? ['body_filepath', files.write(outcome.value)] : ['content', outcome.value]]) }
}

/** Files with bodies that nginx would have written to disk. The plugin server gets the path instead of the content. */
export class BodyFiles {
  readonly #folder: string
  readonly #paths: string[] = []

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Writes a body that only this user can read. @returns its path. */
  write(content: Uint8Array): string {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    const path = join(this.#folder, randomUUID())
    writeFileSync(path, content, { mode: 0o600 })
    this.#paths.push(path)
    return path
  }

  /** Removes the bodies written so far. */
  remove(): void {
    for (const path of this.#paths.splice(0)) rmSync(path, { force: true })
  }
}

import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { BENCHMARKS_FOLDER } from '../machine/benchmarks-folder.js'
import { childEnvironment } from '../machine/child-process.js'

export type Protocol = 'MsgPack:1' | 'ProtoBuf:1'

/** A plugin server to be measured: it serves a plugin named `bench` with a field `mode`. */
export interface ServerKind {
  readonly name: string
  readonly protocol: Protocol
  /** `{prefix}` becomes a fresh folder, in which the server makes its socket; `{socket}` a path in that folder. */
  readonly command: readonly string[]
}

const OWN_SERVER = join(BENCHMARKS_FOLDER, 'dist', 'server.js')

/** Our server with MsgPack:1. Ratios compare it to other servers. */
export const OWN: ServerKind = {
  name: 'kong-ts',
  protocol: 'MsgPack:1',
  command: [process.execPath, OWN_SERVER, '-kong-prefix', '{prefix}'],
}

/** The least that a Node process can do: it sends fixed answers and reads only what it needs for them. */
export const MINIMAL: ServerKind = {
  name: 'minimal Node server',
  protocol: 'MsgPack:1',
  command: [process.execPath, join(BENCHMARKS_FOLDER, 'dist', 'minimal-server.js'), '{socket}'],
}

/** Every server that this repository contains or installs. */
export function knownServers(): readonly ServerKind[] {
  return [OWN, ...ownWithProtobuf(), kongPdk(), MINIMAL]
}

/** An earlier version of our server has no option for the protocol. */
function ownWithProtobuf(): readonly ServerKind[] {
  const { stdout } = spawnSync(process.execPath, [OWN_SERVER, '-help'], { encoding: 'utf8', env: childEnvironment() })
  if (!stdout.includes('-protocol')) return []
  return [{ name: 'kong-ts (ProtoBuf:1)', protocol: 'ProtoBuf:1', command: [...OWN.command, '-protocol', 'ProtoBuf:1'] }]
}

function kongPdk(): ServerKind {
  const require = createRequire(import.meta.url)
  const folder = dirname(require.resolve('kong-pdk/package.json'))
  const program = join(folder, 'bin', 'kong-js-pluginserver')
  return {
    name: 'kong-pdk',
    protocol: 'MsgPack:1',
    command: [process.execPath, program, '-d', join(BENCHMARKS_FOLDER, 'peers', 'kong-pdk'), '--kong-prefix', '{prefix}'],
  }
}

/**
 * Reads `NAME=COMMAND` or `NAME@PROTOCOL=COMMAND`.
 *
 * @throws Error for any other text.
 */
export function parsePeer(text: string): ServerKind {
  const [, name, protocol = 'MsgPack:1', command] = /^([^=@]+)(?:@([^=]+))?=(.+)$/s.exec(text) ?? []
  if (name === undefined || command === undefined || !isProtocol(protocol)) {
    throw new Error(`--peer ${text}: write NAME=COMMAND or NAME@ProtoBuf:1=COMMAND, with {prefix} or {socket} in COMMAND`)
  }
  return { name, protocol, command: ['sh', '-c', `exec ${command}`] }
}

function isProtocol(text: string): text is Protocol {
  return text === 'MsgPack:1' || text === 'ProtoBuf:1'
}

import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Server and load client have a core each, so that neither takes time of the other. */
export const SERVER_CPU = 0
export const CLIENT_CPU = 1

/** True when processes can be bound to cores here. */
export const CAN_PIN = availableParallelism() > 1 && spawnSync('taskset', ['-c', `${SERVER_CPU},${CLIENT_CPU}`, 'true']).status === 0

/** A command line bound to one core; unchanged where that is not possible. */
export function pinned(cpu: number, command: readonly string[]): readonly [program: string, ...args: string[]] {
  const [program, ...args] = command
  if (program === undefined) throw new Error('an empty command')
  return CAN_PIN ? ['taskset', '-c', String(cpu), program, ...args] : [program, ...args]
}

/**
 * The environment of measured processes. Without `NODE_EXTRA_CA_CERTS`, which costs a Node 20 process 40 ms at its start, and `NODE_OPTIONS`,
 * which may change anything.
 */
export function childEnvironment(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _certificates, NODE_OPTIONS: _options, ...environment } = process.env
  return environment
}

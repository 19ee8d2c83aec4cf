import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Server and load client get a core each, so that neither takes the other's time. */
export const SERVER_CPU = 0
export const CLIENT_CPU = 1

/** Whether processes can be bound to cores here. */
export const CAN_PIN = availableParallelism() > 1 && spawnSync('taskset', ['-c', `${SERVER_CPU},${CLIENT_CPU}`, 'true']).status === 0

/** A command line that runs bound to one core; as it is where that is not possible. */
export function pinned(cpu: number, command: readonly string[]): readonly [program: string, ...args: string[]] {
  const [program, ...args] = command
  if (program === undefined) throw new Error('an empty command')
  return CAN_PIN ? ['taskset', '-c', String(cpu), program, ...args] : [program, ...args]
}

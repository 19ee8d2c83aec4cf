import { FINAL_METHODS } from './response-exit.js'
import { IMPOSSIBLE_METHODS, INTERNALS } from './impossible-methods.js'
import { packArguments } from './pack-arguments.js'
import type { PdkChannel } from './pdk-channel.js'
import { PdkArgumentError } from './pdk-argument-error.js'
import type { PdkMethod } from './pdk-method.js'
import { PDK_METHODS } from './pdk-methods.js'
import { unwindAfter } from './unwind-after.js'

const REASONS: ReadonlyMap<string, string> = new Map([...IMPOSSIBLE_METHODS, ...INTERNALS].map(({ name, reason }) => [name, reason]))
const KNOWN: ReadonlyMap<string, PdkMethod> = new Map(
  Object.values(PDK_METHODS)
    .flatMap((namespace): PdkMethod[] => Object.values(namespace))
    .filter(({ edition }) => edition !== 'helper')
    .map((method) => [method.name, method]),
)
/** Tables that can be called: below them, a name that does not exist is just not found. */
const CALLABLE_TABLES: ReadonlySet<string> = new Set(['kong.log', 'kong.log.inspect', 'kong.log.deprecation'])

/** Tables of functions, which cannot be called themselves. */
const TABLES: ReadonlySet<string> = new Set([...KNOWN.keys()].flatMap(parents).filter((name) => !KNOWN.has(name)))

/** Calls a function by Kong's name, after the same checks that a typed method makes, and refuses what is known to break Kong. */
export function rawCall(channel: PdkChannel, name: unknown, args: readonly unknown[]): Promise<unknown> {
  if (typeof name !== 'string') return refuse(channel, `a ${typeof name}`, 'must be a string such as kong.request.get_header')
  const path = canonicalName(name)
  const reason = reasonAgainst(path)
  if (reason !== undefined) return refuse(channel, name, reason)
  const method = KNOWN.get(path)
  const refusal = method === undefined ? undefined : channel.refusal(method, args)
  if (refusal !== undefined) return channel.refuse(refusal)
  const answer = channel.call(path, packArguments(args))
  return FINAL_METHODS.has(path) ? unwindAfter(answer) : answer
}

/** Kong skips empty parts of a name, so that `kong..request.get_path` is found: checks must see what Kong sees. */
function canonicalName(name: string): string {
  if (name !== '' && name !== 'kong' && !name.startsWith('kong.')) return name
  const parts = name.split('.').slice(1)
  return ['kong', ...parts.filter((part) => part !== '')].join('.')
}

function reasonAgainst(path: string): string | undefined {
  if (path === 'kong' || TABLES.has(path)) return 'is a table of Kong and not a function: add the name of a function'
  for (const name of [path, ...parents(path)]) {
    const reason = REASONS.get(name)
    if (reason !== undefined) return reason
    if (name !== path && KNOWN.has(name) && !CALLABLE_TABLES.has(name)) return `goes on behind the function ${name}: stop there`
  }
  return undefined
}

/** `a.b.c` is below `a.b` and `a`. */
function parents(path: string): string[] {
  const parts = path.split('.')
  return parts.slice(1).map((_, index) => parts.slice(0, parts.length - 1 - index).join('.'))
}

function refuse(channel: PdkChannel, name: string, reason: string): Promise<never> {
  return channel.refuse(new PdkArgumentError('kong.raw', 'name', `${JSON.stringify(name)} cannot be called: it ${reason}`))
}

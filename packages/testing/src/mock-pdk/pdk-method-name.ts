import { KongTsError } from '@kong-ts/core'
import { PDK_METHODS, type PdkMethod } from '@kong-ts/core/server'
import { closestMatch } from 'leven'

type Namespace = (typeof PDK_METHODS)[keyof typeof PDK_METHODS]
type MethodOf<N> = N extends unknown ? N[keyof N] : never
type NameOf<M> = M extends { readonly name: infer Name extends string } ? Name : never

/** Kong's name of a function of the PDK, such as `kong.request.get_header`; those of Kong Gateway Enterprise are among them. */
export type PdkMethodName = NameOf<MethodOf<Namespace>>

/** A name that is passed on unchecked; made by {@link rawPdkMethod}. */
export class RawPdkMethod {
  constructor(readonly name: string) {}
}

/** How a test names a PDK function. */
export type NamedPdkMethod = PdkMethodName | RawPdkMethod

/**
 * Names a function that kong-ts does not know, where a plugin reaches it with `kong.raw`: `stub(rawPdkMethod('kong.my.function'), …)`.
 *
 * @param name Kong's name, unchecked.
 */
export function rawPdkMethod(name: string): RawPdkMethod {
  return new RawPdkMethod(name)
}

/** Kong's names by themselves and by what the functions are called in TypeScript, for those who write the one for the other. */
const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(PDK_METHODS).flatMap(([namespace, methods]) =>
    Object.entries(methods).flatMap(([key, { name }]: [string, PdkMethod]): [string, string][] => [
      [`kong.${namespace}.${key}`, name],
      [name, name],
    ]),
  ),
)
const KNOWN: ReadonlySet<string> = new Set(NAMES.values())
const CANDIDATES = [...NAMES.keys()]
/** A name further away than this was not meant. */
const FARTHEST = 8

/** How a test has to write the name of a function that a plugin called. */
export function writtenPdkMethod(name: string): string {
  return KNOWN.has(name) ? `'${name}'` : `rawPdkMethod('${name}')`
}

/**
 * The name as Kong gets it.
 *
 * @throws KongTsError (ERR_TEST) for a name the PDK does not have, with the one that was probably meant: a test that waits for a misspelt
 * call would wait for ever, or pass for ever.
 */
export function pdkMethodName(method: NamedPdkMethod): string {
  if (method instanceof RawPdkMethod) return method.name
  const name: string = method
  if (KNOWN.has(name)) return name
  const meant = NAMES.get(closestMatch(name, CANDIDATES, { maxDistance: FARTHEST }) ?? '')
  throw new KongTsError(
    'ERR_TEST',
    `${name} is no PDK function: ${meant === undefined ? 'see docs/pdk.md for their names' : `did you mean ${meant}?`} ` +
      `For one that is reached with kong.raw alone, write rawPdkMethod('${name}')`,
  )
}

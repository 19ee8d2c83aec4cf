import { KongTsError } from '@kong-ts/core'
import { PDK_METHODS, type PdkMethod } from '@kong-ts/core/server'
import { closestMatch } from 'leven'

type Namespace = (typeof PDK_METHODS)[keyof typeof PDK_METHODS]
type MethodOf<N> = N extends unknown ? N[keyof N] : never
type NameOf<M> = M extends { readonly name: infer Name extends string } ? Name : never

/** Kong's name of a PDK function, such as `kong.request.get_header`. Includes those of Kong Gateway Enterprise. */
export type PdkMethodName = NameOf<MethodOf<Namespace>>

/** A name that is not checked; made by {@link rawPdkMethod}. */
export class RawPdkMethod {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** A PDK function, by its name. */
export type NamedPdkMethod = PdkMethodName | RawPdkMethod

/**
 * Names a function that kong-ts does not know and that a plugin calls with `kong.raw`: `stub(rawPdkMethod('kong.my.function'), …)`.
 *
 * @param name Kong's name, unchecked.
 */
export function rawPdkMethod(name: string): RawPdkMethod {
  return new RawPdkMethod(name)
}

/** Kong's names, by themselves and by the names of the functions in TypeScript: authors mix the two up. */
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
/** Largest edit distance at which a name is suggested. */
const MAX_DISTANCE = 8

/** The source text with which a test names a function that a plugin called. */
export function writtenPdkMethod(name: string): string {
  return KNOWN.has(name) ? `'${name}'` : `rawPdkMethod('${name}')`
}

/**
 * The name that Kong gets.
 *
 * @throws KongTsError (ERR_TEST) for a name the PDK does not have, with the one that was probably meant. Without it, a test that forbids a
 * misspelt call would always pass.
 */
export function pdkMethodName(method: NamedPdkMethod): string {
  if (method instanceof RawPdkMethod) return method.name
  const name: string = method
  if (KNOWN.has(name)) return name
  const meant = NAMES.get(closestMatch(name, CANDIDATES, { maxDistance: MAX_DISTANCE }) ?? '')
  throw new KongTsError(
    'ERR_TEST',
    `${name} is not a PDK function: ${meant === undefined ? 'see docs/pdk.md for their names' : `did you mean ${meant}?`} ` +
      `For a function that only kong.raw reaches, write rawPdkMethod('${name}')`,
  )
}

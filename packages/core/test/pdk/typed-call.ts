import { type PDK } from '../../src/index.js'
import { PDK_METHODS, type PdkMethod } from '../../src/server.js'

/** One method of the PDK under its full TypeScript name, `service.request.setHeader`. */
export interface NamedMethod {
  readonly path: string
  readonly method: PdkMethod
}

/** Every method of the table. */
export const ALL_METHODS: readonly NamedMethod[] = Object.entries(PDK_METHODS).flatMap(([namespace, methods]) =>
  Object.entries(methods).map(([name, method]) => ({ path: `${namespace}.${name}`, method })),
)

/** Methods by Kong's name, without our own helpers. */
export const BY_KONG_NAME: ReadonlyMap<string, NamedMethod> = new Map(
  ALL_METHODS.filter(({ method }) => method.edition !== 'helper').map((named) => [named.method.name, named]),
)

/** The function behind a path, with its namespace as `this`. */
export function typedMethod(kong: PDK, path: string): (...args: readonly unknown[]) => Promise<unknown> {
  const names = path.split('.')
  const name = names.pop() ?? ''
  let namespace: object = kong
  for (const part of names) {
    const next: unknown = Reflect.get(namespace, part)
    if (typeof next !== 'object' || next === null) throw new Error(`kong.${path} is missing: there is no ${part}`)
    namespace = next
  }
  const method: unknown = Reflect.get(namespace, name)
  if (typeof method !== 'function') throw new Error(`kong.${path} is missing`)
  return (...args) => Reflect.apply(method, namespace, args)
}

/** Calls a method as plain JavaScript would: with whatever arguments. */
export async function callTyped(kong: PDK, path: string, args: readonly unknown[]): Promise<unknown> {
  return typedMethod(kong, path)(...args)
}

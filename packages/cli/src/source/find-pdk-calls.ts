import ts from 'typescript'
import type { Phase } from '@kong-ts/core'
import type { CoreSymbols } from './core-symbols.js'
import { placeOf } from './place-of.js'
import { rawMethod } from './raw-method.js'
import type { PluginSource } from './plugin-source.js'
import { findReachingPhases } from './reaching-phases.js'

/** A PDK call in a plugin's source. */
export interface PdkCallSite {
  /** As it is written in TypeScript: `kong.request.getHeader`; of `kong.raw`, with the name. */
  readonly call: string
  /** The function behind it in Kong: `kong.request.get_header`. */
  readonly method: string
  readonly file: string
  readonly line: number
  /** The phases it runs in, as far as can be seen. */
  readonly phases: readonly Phase[]
  /** The phases Kong allows it in; `undefined` for a function of `kong.raw` that is not typed. */
  readonly allowed: readonly Phase[] | undefined
  readonly isEnterprise: boolean
}

/** The PDK calls in a plugin's source, in the order in which they stand. A method that is mentioned and not called counts: it will be. */
export function findPdkCalls(source: PluginSource, symbols: CoreSymbols): readonly PdkCallSite[] {
  const { checker, files } = source
  const phasesAt = findReachingPhases(source, symbols)
  const found: PdkCallSite[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) {
      const used = methodAt(node, checker, symbols)
      if (used !== undefined) found.push({ ...used, ...placeOf(node.name), phases: phasesAt(node) })
    }
    ts.forEachChild(node, visit)
  }
  for (const file of files) visit(file)
  return found
}

type UsedMethod = Pick<PdkCallSite, 'call' | 'method' | 'allowed' | 'isEnterprise'>

function methodAt(access: ts.PropertyAccessExpression, checker: ts.TypeChecker, { methods, raw }: CoreSymbols): UsedMethod | undefined {
  const declarations = checker.getSymbolAtLocation(access.name)?.declarations ?? []
  for (const declaration of declarations) {
    const typed = methods.get(declaration)
    if (typed !== undefined) {
      const { call, method } = typed
      return { call, method: method.name, allowed: method.phases, isEnterprise: method.edition === 'enterprise' }
    }
    if (declaration === raw && ts.isCallExpression(access.parent)) return rawCallAt(access.parent)
  }
  return undefined
}

function rawCallAt(call: ts.CallExpression): UsedMethod | undefined {
  const [name] = call.arguments
  if (name === undefined || !ts.isStringLiteralLike(name)) return undefined
  const method = rawMethod(name.text)
  return { call: `kong.raw('${name.text}')`, method: name.text, allowed: method?.phases, isEnterprise: method?.edition === 'enterprise' }
}

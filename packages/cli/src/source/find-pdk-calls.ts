import ts from 'typescript'
import { PDK, PdkArgumentError, type Phase } from '@kong-ts/core'
import { PDK_METHODS, type PdkMethod } from '@kong-ts/core/server'
import type { CoreSymbols } from './core-symbols.js'
import { placeOf, type PluginSource } from './plugin-source.js'
import { findReachingPhases } from './reaching-phases.js'

/** A PDK call in a plugin's source. */
export interface PdkCallSite {
  /** Its text in TypeScript, `kong.request.getHeader`; for `kong.raw`, with the name. */
  readonly call: string
  /** The name of the function in Kong, `kong.request.get_header`. */
  readonly method: string
  readonly file: string
  readonly line: number
  /** The phases in which it runs, as far as the source shows. */
  readonly phases: readonly Phase[]
  /** The phases in which Kong allows it; `undefined` for a function of `kong.raw` that is not typed. */
  readonly allowed: readonly Phase[] | undefined
  readonly isEnterprise: boolean
}

/** The PDK calls in a plugin's source, in source order. A method that is named without a call counts too: something may call it later. */
export function findPdkCalls(source: PluginSource, symbols: CoreSymbols): readonly PdkCallSite[] {
  const { checker, files } = source
  const phasesAt = findReachingPhases(source, symbols)
  const found: PdkCallSite[] = []
  function visit(node: ts.Node): void {
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

const BY_NAME: ReadonlyMap<string, PdkMethod> = new Map(
  Object.values(PDK_METHODS)
    .flatMap((namespace): readonly PdkMethod[] => Object.values(namespace))
    .filter(({ edition }) => edition !== 'helper')
    .map((method) => [method.name, method]),
)

/** The typed method with this name in Kong; `undefined` when there is none. */
function rawMethod(name: string): PdkMethod | undefined {
  return BY_NAME.get(name)
}

/** The reason why `kong.raw` refuses a name that is not typed, on every protocol; `undefined` when it accepts the name. */
export async function rawRefusal(name: string): Promise<string | undefined> {
  if (!isKongName(name) || rawMethod(name) !== undefined) return undefined
  try {
    // The PDK refuses such names before it sends anything, so this call goes nowhere.
    await new PDK(() => Promise.resolve(undefined)).raw(name)
    return undefined
  } catch (error) {
    if (error instanceof PdkArgumentError) return error.rule
    throw error
  }
}

function isKongName(name: string): name is `kong.${string}` {
  return name.startsWith('kong.')
}

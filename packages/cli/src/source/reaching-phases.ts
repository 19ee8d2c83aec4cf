import ts from 'typescript'
import type { Phase } from '@kong-ts/core'
import { resolveAlias, type CoreSymbols } from './core-symbols.js'
import type { PluginSource } from './plugin-source.js'

/** A function with a name. Functions without one count as part of the function around them. */
type NamedFunction = ts.FunctionLikeDeclaration

/**
 * Finds in which phases a place of a plugin's source runs: those of the handlers that refer to its function, directly or through others.
 *
 * @returns a function from a place to its phases. It returns none where no handler refers to, such as `onStart` or a function kept in a list.
 */
export function findReachingPhases(
  { checker, files }: PluginSource,
  { phaseDecorators }: CoreSymbols,
): (place: ts.Node) => readonly Phase[] {
  const uses = new Map<NamedFunction, Set<NamedFunction>>()
  const phases = new Map<NamedFunction, Set<Phase>>()

  function visit(node: ts.Node): void {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) addUse(ownerOf(node), functionOf(node, checker))
    if (ts.isMethodDeclaration(node)) {
      for (const base of overriddenBy(node, checker)) addUse(base, node)
      for (const phase of handledPhases(node, checker, phaseDecorators)) spread(node, phase)
    }
    ts.forEachChild(node, visit)
  }
  function addUse(user: NamedFunction | undefined, used: NamedFunction | undefined): void {
    if (user === undefined || used === undefined || user === used) return
    const known = uses.get(user)
    if (known === undefined) uses.set(user, new Set([used]))
    else known.add(used)
    for (const phase of phases.get(user) ?? []) spread(used, phase)
  }
  function spread(reached: NamedFunction, phase: Phase): void {
    const known = phases.get(reached) ?? new Set()
    if (known.has(phase)) return
    phases.set(reached, known.add(phase))
    for (const used of uses.get(reached) ?? []) spread(used, phase)
  }

  for (const file of files) visit(file)
  return (place) => {
    const owner = ownerOf(place)
    return owner === undefined ? [] : [...(phases.get(owner) ?? [])]
  }
}

/** The named function around a place. */
function ownerOf(place: ts.Node): NamedFunction | undefined {
  for (let node = place.parent; !ts.isSourceFile(node); node = node.parent) {
    if (isNamedFunction(node)) return node
  }
  return undefined
}

function isNamedFunction(node: ts.Node): node is NamedFunction {
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
    return (
      (ts.isVariableDeclaration(node.parent) || ts.isPropertyDeclaration(node.parent) || ts.isPropertyAssignment(node.parent)) &&
      node.parent.initializer === node
    )
  }
  return ts.isMethodDeclaration(node) || ts.isFunctionDeclaration(node) || ts.isAccessor(node) || ts.isConstructorDeclaration(node)
}

/** The function to which a name refers. */
function functionOf(name: ts.Identifier | ts.PrivateIdentifier, checker: ts.TypeChecker): NamedFunction | undefined {
  const symbol = checker.getSymbolAtLocation(name)
  const declaration = symbol === undefined ? undefined : resolveAlias(symbol, checker).valueDeclaration
  if (declaration === undefined) return undefined
  if (isNamedFunction(declaration)) return declaration
  const initializer =
    ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration) || ts.isPropertyAssignment(declaration)
      ? declaration.initializer
      : undefined
  return initializer !== undefined && isNamedFunction(initializer) ? initializer : undefined
}

/** The methods of base classes and interfaces that a method overrides or implements: a call of one of them may run it. */
function overriddenBy(method: ts.MethodDeclaration, checker: ts.TypeChecker): readonly NamedFunction[] {
  if (!ts.isClassLike(method.parent)) return []
  const bases = method.parent.heritageClauses?.flatMap(({ types }) => [...types]) ?? []
  return bases.flatMap((base) => {
    const declaration = checker.getTypeAtLocation(base).getProperty(method.name.getText())?.valueDeclaration
    return declaration !== undefined && isNamedFunction(declaration) ? [declaration] : []
  })
}

function handledPhases(method: ts.MethodDeclaration, checker: ts.TypeChecker, decorators: ReadonlyMap<ts.Symbol, Phase>): readonly Phase[] {
  return (ts.getDecorators(method) ?? []).flatMap(({ expression }) => {
    const symbol = ts.isCallExpression(expression) ? checker.getSymbolAtLocation(expression.expression) : undefined
    const phase = symbol === undefined ? undefined : decorators.get(resolveAlias(symbol, checker))
    return phase === undefined ? [] : [phase]
  })
}

import ts from 'typescript'
import { resolveAlias, type CoreSymbols } from './core-symbols.js'
import { placeOf, type PluginSource } from './plugin-source.js'

/** A field with `?` that Kong requires nevertheless. */
export interface SilentlyRequired {
  readonly property: string
  readonly file: string
  readonly line: number
}

/** What makes a field optional: options of `@Field`, and a decorator of class-validator. */
const MAKES_OPTIONAL = { options: new Set(['required', 'default']), decorator: 'IsOptional' }

/**
 * Finds fields such as `@Field() apiKey?: string`. The compiler drops the `?`, so the schema says `required`, and nothing at run time can notice.
 */
export function findSilentlyRequired({ checker, files }: PluginSource, { field }: CoreSymbols): readonly SilentlyRequired[] {
  const found: SilentlyRequired[] = []
  function visit(node: ts.Node): void {
    if (ts.isPropertyDeclaration(node) && node.questionToken !== undefined && node.initializer === undefined && isSilent(node)) {
      found.push({ property: node.name.getText(), ...placeOf(node.name) })
    }
    ts.forEachChild(node, visit)
  }
  function isSilent(property: ts.PropertyDeclaration): boolean {
    const calls = (ts.getDecorators(property) ?? []).map(({ expression }) => expression).filter(ts.isCallExpression)
    const fields = calls.filter(({ expression }) => field !== undefined && symbolOf(expression, checker) === field)
    const isOptional = calls.some(({ expression }) => symbolOf(expression, checker)?.name === MAKES_OPTIONAL.decorator)
    return fields.length > 0 && !isOptional && !fields.some(({ arguments: args }) => args.some((options) => mayBeMissing(options, checker)))
  }
  for (const file of files) visit(file)
  return found
}

function symbolOf(expression: ts.Expression, checker: ts.TypeChecker): ts.Symbol | undefined {
  const symbol = checker.getSymbolAtLocation(expression)
  return symbol === undefined ? undefined : resolveAlias(symbol, checker)
}

/** Looks at the type, so that options spread from another object count. */
function mayBeMissing(options: ts.Expression, checker: ts.TypeChecker): boolean {
  if (ts.isStringLiteralLike(options)) return false
  const type = checker.getTypeAtLocation(options)
  return [...MAKES_OPTIONAL.options].some((name) => type.getProperty(name) !== undefined)
}

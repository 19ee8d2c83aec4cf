import ts from 'typescript'
import { resolveAlias, type CoreSymbols } from './core-symbols.js'
import { placeOf } from './place-of.js'
import type { PluginSource } from './plugin-source.js'

/** A field that is written as optional and that Kong requires all the same. */
export interface SilentlyRequired {
  readonly property: string
  readonly file: string
  readonly line: number
}

/** What says that a field may be missing: options of `@Field`, and a decorator of class-validator. */
const SAYS_OPTIONAL = { options: new Set(['required', 'default']), decorator: 'IsOptional' }

/**
 * Fields such as `@Field() apiKey?: string`: the compiler leaves no trace of the `?`, so the schema says `required`, and nothing at run time can notice.
 */
export function findSilentlyRequired({ checker, files }: PluginSource, { field }: CoreSymbols): readonly SilentlyRequired[] {
  const found: SilentlyRequired[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyDeclaration(node) && node.questionToken !== undefined && node.initializer === undefined && isSilent(node)) {
      found.push({ property: node.name.getText(), ...placeOf(node.name) })
    }
    ts.forEachChild(node, visit)
  }
  const isSilent = (property: ts.PropertyDeclaration): boolean => {
    const calls = (ts.getDecorators(property) ?? []).map(({ expression }) => expression).filter(ts.isCallExpression)
    const fields = calls.filter(({ expression }) => field !== undefined && symbolOf(expression, checker) === field)
    const isOptional = calls.some(({ expression }) => symbolOf(expression, checker)?.name === SAYS_OPTIONAL.decorator)
    return fields.length > 0 && !isOptional && !fields.some(({ arguments: args }) => args.some((options) => mayBeMissing(options, checker)))
  }
  for (const file of files) visit(file)
  return found
}

function symbolOf(expression: ts.Expression, checker: ts.TypeChecker): ts.Symbol | undefined {
  const symbol = checker.getSymbolAtLocation(expression)
  return symbol === undefined ? undefined : resolveAlias(symbol, checker)
}

/** Asks the type, so that options spread from elsewhere count. */
function mayBeMissing(options: ts.Expression, checker: ts.TypeChecker): boolean {
  if (ts.isStringLiteralLike(options)) return false
  const type = checker.getTypeAtLocation(options)
  return [...SAYS_OPTIONAL.options].some((name) => type.getProperty(name) !== undefined)
}

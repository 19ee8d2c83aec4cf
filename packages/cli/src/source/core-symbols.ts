import ts from 'typescript'
import type { Phase } from '@kong-ts/core'
import { PDK_METHODS, PHASES, type PdkMethod } from '@kong-ts/core/server'
import type { PluginSource } from './plugin-source.js'

/** A method of the PDK, with its name in a plugin. */
export interface TypedMethod {
  /** `kong.request.getHeader`. */
  readonly call: string
  readonly method: PdkMethod
}

/** The parts of `@kong-ts/core` to which a plugin's source can refer, by declaration. */
export interface CoreSymbols {
  readonly methods: ReadonlyMap<ts.Node, TypedMethod>
  /** The declaration of `kong.raw`. */
  readonly raw: ts.Node | undefined
  readonly phaseDecorators: ReadonlyMap<ts.Symbol, Phase>
  readonly field: ts.Symbol | undefined
}

/** Finds `@kong-ts/core` in a plugin's source; `undefined` when no file imports it, or it is not installed. */
export function findCoreSymbols({ checker, files }: PluginSource): CoreSymbols | undefined {
  const core = findImported('@kong-ts/core', files, checker)
  if (core === undefined) return undefined
  const exported = new Map(checker.getExportsOfModule(core).map((symbol) => [symbol.name, resolveAlias(symbol, checker)]))
  const pdkClass = exported.get('PDK')
  if (pdkClass === undefined) return undefined
  const pdk = checker.getDeclaredTypeOfSymbol(pdkClass)
  return {
    methods: new Map(Object.entries(PDK_METHODS).flatMap(([namespace, methods]) => declarationsOf(checker, pdk, namespace, methods))),
    raw: pdk.getProperty('raw')?.valueDeclaration,
    phaseDecorators: new Map(
      PHASES.flatMap((phase) => {
        const decorator = exported.get(`${phase[0]?.toUpperCase()}${phase.slice(1)}`)
        return decorator === undefined ? [] : [[decorator, phase] as const]
      }),
    ),
    field: exported.get('Field'),
  }
}

/** The exported symbol behind an imported name. */
export function resolveAlias(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

function findImported(name: string, files: readonly ts.SourceFile[], checker: ts.TypeChecker): ts.Symbol | undefined {
  for (const file of files) {
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier) || statement.moduleSpecifier.text !== name)
        continue
      const symbol = checker.getSymbolAtLocation(statement.moduleSpecifier)
      if (symbol !== undefined) return symbol
    }
  }
  return undefined
}

function declarationsOf(
  checker: ts.TypeChecker,
  pdk: ts.Type,
  namespace: string,
  methods: Readonly<Record<string, PdkMethod>>,
): readonly (readonly [ts.Node, TypedMethod])[] {
  const type = namespace.split('.').reduce<ts.Type | undefined>((owner, name) => {
    const property = owner?.getProperty(name)
    return property === undefined ? undefined : checker.getTypeOfSymbol(property)
  }, pdk)
  return Object.entries(methods).flatMap(([name, method]) => {
    const declaration = type?.getProperty(name)?.valueDeclaration
    return declaration === undefined ? [] : [[declaration, { call: `kong.${namespace}.${name}`, method }] as const]
  })
}

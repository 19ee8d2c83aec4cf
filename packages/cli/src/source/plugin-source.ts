import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import ts from 'typescript'
import { findUp } from '../files/project-files.js'
import { PluginFileError } from '../load-plugins/plugin-file-error.js'

/** The source of a plugin server, with TypeScript's type checker. */
export interface PluginSource {
  readonly entry: string
  readonly checker: ts.TypeChecker
  /** The entry and the files it imports, without declarations, installed packages and kong-ts itself. */
  readonly files: readonly ts.SourceFile[]
}

const WITHOUT_PROJECT: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  strict: true,
  experimentalDecorators: true,
}

/**
 * Reads the source of a built script with the compiler options of its tsconfig.json.
 *
 * @param script the built JavaScript file.
 * @param source the TypeScript file from which it is built. Default: the file that tsconfig.json names, else the file of that name in `src`.
 * @returns `undefined` when the source cannot be found.
 * @throws PluginFileError when `source` is given and does not exist.
 */
export function readPluginSource(script: string, source: string | undefined): PluginSource | undefined {
  if (source !== undefined && !existsSync(source))
    throw new PluginFileError(`${source} does not exist: name the source of ${script} with --source`)
  const project = findUp(dirname(resolve(source ?? script)), 'tsconfig.json')
  const parsed = project === undefined ? undefined : parseProject(join(project, 'tsconfig.json'))
  const entry = source === undefined ? findEntry(resolve(script), parsed) : resolve(source)
  if (entry === undefined) return undefined
  const options = parsed?.options ?? WITHOUT_PROJECT
  const program = ts.createProgram([entry], {
    ...options,
    allowJs: options.allowJs === true || /\.[cm]?jsx?$/.test(entry),
    // Reads the declarations of kong-ts, not its sources, also in a checkout.
    customConditions: (options.customConditions ?? []).filter((condition) => condition !== 'kong-ts-source'),
    noEmit: true,
    composite: false,
    incremental: false,
    skipLibCheck: true,
  })
  return { entry, checker: program.getTypeChecker(), files: program.getSourceFiles().filter(isPluginFile) }
}

function parseProject(file: string): ts.ParsedCommandLine {
  const host: ts.ParseConfigFileHost = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined }
  const parsed = ts.getParsedCommandLineOfConfigFile(file, undefined, host)
  if (parsed === undefined) throw new PluginFileError(`${file} cannot be read: see npx tsc -p ${file}`)
  return parsed
}

/** The file whose output is `script`. Other compilers than tsc: the file of that name in the `src` beside the output folder. */
function findEntry(script: string, parsed: ts.ParsedCommandLine | undefined): string | undefined {
  const compiled = parsed?.fileNames.find(
    (file) => !file.endsWith('.d.ts') && ts.getOutputFileNames(parsed, file, false).some((output) => resolve(output) === script),
  )
  if (compiled !== undefined) return compiled
  const beside = join(dirname(dirname(script)), 'src', basename(script).replace(/\.([cm]?)js$/, '.$1ts'))
  return existsSync(beside) ? beside : undefined
}

/** The packages of kong-ts. Their calls of the PDK are not calls of the plugin. */
const OWN_PACKAGES: ReadonlySet<unknown> = new Set([
  '@kong-ts/schema',
  '@kong-ts/core',
  '@kong-ts/runtime',
  '@kong-ts/simulator',
  '@kong-ts/testing',
  '@kong-ts/cli',
])

/** True for the plugin's own files: no declarations, nothing installed, and nothing of kong-ts, whose sources are at hand in a checkout. */
function isPluginFile(file: ts.SourceFile): boolean {
  if (file.isDeclarationFile || /[/\\]node_modules[/\\]/.test(file.fileName)) return false
  const folder = findUp(dirname(file.fileName), 'package.json')
  return folder === undefined || !OWN_PACKAGES.has(packageName(join(folder, 'package.json')))
}

function packageName(file: string): unknown {
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof manifest === 'object' && manifest !== null && 'name' in manifest ? manifest.name : undefined
  } catch {
    return undefined
  }
}

/** File and line of a name; lines count from 1. */
export function placeOf(name: ts.Node): { readonly file: string; readonly line: number } {
  const file = name.getSourceFile()
  return { file: file.fileName, line: file.getLineAndCharacterOfPosition(name.getStart()).line + 1 }
}

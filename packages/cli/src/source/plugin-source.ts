import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import ts from 'typescript'
import { findUp } from '../files/find-up.js'
import { PluginFileError } from '../load-plugins/plugin-file-error.js'
import { isPluginFile } from './plugin-files.js'

/** A plugin server's source, as TypeScript understands it. */
export interface PluginSource {
  readonly entry: string
  readonly checker: ts.TypeChecker
  /** The entry and what it imports, without declarations, packages and kong-ts itself. */
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
 * @param script the built JavaScript file
 * @param source the TypeScript file it is built from; default: what the project's tsconfig.json says, else the file of its name in `src`
 * @returns `undefined` when the source cannot be found
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
    // Of kong-ts itself the declarations are enough, also where its sources are at hand.
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

/** The file whose output is `script`; for outputs of other compilers than tsc the file of that name in `src`, beside the folder of the output. */
function findEntry(script: string, parsed: ts.ParsedCommandLine | undefined): string | undefined {
  const compiled = parsed?.fileNames.find(
    (file) => !file.endsWith('.d.ts') && ts.getOutputFileNames(parsed, file, false).some((output) => resolve(output) === script),
  )
  if (compiled !== undefined) return compiled
  const beside = join(dirname(dirname(script)), 'src', basename(script).replace(/\.([cm]?)js$/, '.$1ts'))
  return existsSync(beside) ? beside : undefined
}

import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'
import { PHASES } from '../../src/server.js'
import { ALL_METHODS } from './typed-call.js'

/** One handler for each phase that calls every method, one call on each line, with arguments of the right types. */
const CALLS = PHASES.flatMap((phase) =>
  ALL_METHODS.map(({ path, method }) => ({ phase, path, allowed: method.phases.some((one) => one === phase) })),
)
const FILE = fileURLToPath(new URL('every-call-in-every-phase.ts', import.meta.url))
const SOURCE = [
  `import type { PDK, PhasePDK } from '../../src/index.js'`,
  ...CALLS.map(({ phase, path }) => {
    const names = path.split('.')
    const type = `PDK${names.map((name) => `['${name}']`).join('')}`
    return `export const _ = (kong: PhasePDK<'${phase}'>, args: Parameters<${type}>) => { void kong.${path}(...args) }`.replace(
      '_',
      `${phase}_${names.join('_')}`,
    )
  }),
].join('\n')

/** What the compiler says, by line. */
function compile(): ReadonlyMap<number, string> {
  const config = ts.readConfigFile(fileURLToPath(new URL('../../../../tsconfig.base.json', import.meta.url)), ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson(config.config.compilerOptions, fileURLToPath(new URL('.', import.meta.url)))
  const host = ts.createCompilerHost({ ...options, composite: false, noEmit: true })
  const { getSourceFile, fileExists, readFile } = host
  host.getSourceFile = (name, version) =>
    name === FILE ? ts.createSourceFile(name, SOURCE, version) : getSourceFile.call(host, name, version)
  host.fileExists = (name) => name === FILE || fileExists.call(host, name)
  host.readFile = (name) => (name === FILE ? SOURCE : readFile.call(host, name))
  const program = ts.createProgram([FILE], { ...options, composite: false, noEmit: true }, host)
  const problems = new Map<number, string>()
  for (const problem of ts.getPreEmitDiagnostics(program)) {
    const line = problem.file?.fileName === FILE ? problem.file.getLineAndCharacterOfPosition(problem.start ?? 0).line : -1
    problems.set(line, ts.flattenDiagnosticMessageText(problem.messageText, '\n'))
  }
  return problems
}

describe('PhasePDK', () => {
  let problems: ReadonlyMap<number, string> = new Map()
  beforeAll(() => {
    problems = compile()
  }, 60_000)

  it('compiles but for calls in the wrong phase', () => {
    expect(problems.get(-1)).toBeUndefined()
    expect(problems.get(0)).toBeUndefined()
  })

  it.each(PHASES)('lets exactly what Kong allows in %s compile', (phase) => {
    const wrong: string[] = []
    for (const [index, call] of CALLS.entries()) {
      if (call.phase !== phase) continue
      const problem = problems.get(index + 1)
      if ((problem === undefined) !== call.allowed) wrong.push(`${call.path}: ${problem ?? 'compiles'}`)
    }
    expect(wrong).toEqual([])
  })

  it('names the function, the phase and the phases it is for, in a sentence', () => {
    const index = CALLS.findIndex(({ phase, path }) => phase === 'log' && path === 'request.getBody')
    const sentence = 'kong.request.getBody cannot be called in the log phase, only in rewrite, access, response'
    expect(problems.get(index + 1)).toContain(sentence)
  })
})

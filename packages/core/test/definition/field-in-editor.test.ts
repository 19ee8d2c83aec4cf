import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

/** A file that is only in the editor, in a folder from where `@kong-ts/core` is found. */
const FILE = fileURLToPath(new URL('in-the-editor.ts', import.meta.url))
const CONFIG = fileURLToPath(new URL('../tsconfig.json', import.meta.url))

const MARK = '/*here*/'

/** Keeps what was parsed, since the libraries are the same in every test. */
const PARSED = ts.createDocumentRegistry()

/** What an editor shows at the mark in this text of a class: TypeScript's language service, which editors ask. */
function editorAt(members: string) {
  const text = `import { Field } from '@kong-ts/core'\nexport class Edited {\n${members}\n}\n`
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(CONFIG, (file) => ts.sys.readFile(file)).config,
    ts.sys,
    dirname(CONFIG),
  )
  const service = ts.createLanguageService(
    {
      getCompilationSettings: () => options,
      getScriptFileNames: () => [FILE],
      getScriptVersion: (file) => (file === FILE ? text : ''),
      getScriptSnapshot: (file) =>
        file === FILE
          ? ts.ScriptSnapshot.fromString(text)
          : ts.sys.fileExists(file)
            ? ts.ScriptSnapshot.fromString(readFileSync(file, 'utf8'))
            : undefined,
      getCurrentDirectory: () => dirname(CONFIG),
      getDefaultLibFileName: (compilerOptions) => ts.getDefaultLibFilePath(compilerOptions),
      fileExists: (file) => file === FILE || ts.sys.fileExists(file),
      readFile: (file) => (file === FILE ? text : ts.sys.readFile(file)),
      directoryExists: (folder) => ts.sys.directoryExists(folder),
      getDirectories: (folder) => ts.sys.getDirectories(folder),
      ...(ts.sys.realpath === undefined ? {} : { realpath: ts.sys.realpath }),
    },
    PARSED,
  )
  const position = text.indexOf(MARK)
  return {
    errors: () => service.getSemanticDiagnostics(FILE).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    completions: () => service.getCompletionsAtPosition(FILE, position, {})?.entries.map(({ name }) => name) ?? [],
    documentation: () => ts.displayPartsToString(service.getQuickInfoAtPosition(FILE, position + MARK.length + 1)?.documentation),
  }
}

describe('@Field in an editor', { timeout: 60_000 }, () => {
  it('completes options, also those of elements', () => {
    expect(editorAt(`@Field({ ${MARK} }) name = ''`).completions()).toEqual(
      expect.arrayContaining(['required', 'lenMax', 'elements', 'referenceable']),
    )
    const inElements = editorAt(`@Field({ elements: { type: 'string', ${MARK} } }) names: string[] = []`).completions()
    expect(inElements).toEqual(expect.arrayContaining(['lenMax', 'oneOf']))
    expect(inElements).not.toContain('charAt')
  })

  it.each([
    [`@Field({ ${MARK}lenMax: 3 }) name = ''`, 'Greatest length.'],
    [`@Field('other', { ${MARK}required: false }) name?: string`, 'Kong refuses a configuration without the field.'],
    [`@Field({ ${MARK}elements: String }) names: string[] = []`, 'Arrays and sets: what they hold.'],
    [`@${MARK}Field() name?: string`, 'leaves no trace'],
    [`@${MARK}Field({ lenMax: 3 }) name = ''`, 'do not compile'],
  ])('shows the documentation of what is pointed at in %s', (members, documentation) => {
    const editor = editorAt(members)
    expect(editor.errors()).toEqual([])
    expect(editor.documentation()).toContain(documentation)
  })

  it('takes no options as an object too', () => {
    expect(editorAt("@Field({}) name = ''").errors()).toEqual([])
  })
})

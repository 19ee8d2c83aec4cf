import type ts from 'typescript'

/** Where a name stands, lines counted from 1. */
export function placeOf(name: ts.Node): { readonly file: string; readonly line: number } {
  const file = name.getSourceFile()
  return { file: file.fileName, line: file.getLineAndCharacterOfPosition(name.getStart()).line + 1 }
}

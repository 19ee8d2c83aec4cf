import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type ts from 'typescript'
import { findUp } from '../files/find-up.js'

/** The packages that a plugin is made with: their calls to the PDK are not the plugin's. */
const OWN_PACKAGES: ReadonlySet<unknown> = new Set(['@kong-ts/core', '@kong-ts/runtime', '@kong-ts/testing', '@kong-ts/cli'])

/** Whether a file is the plugin's own: no declarations, nothing installed, nothing of kong-ts, which a checkout holds as source. */
export function isPluginFile(file: ts.SourceFile): boolean {
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

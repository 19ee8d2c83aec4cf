import { readFile } from 'node:fs/promises'
import { LineCounter, parseDocument } from 'yaml'
import { GatewayConfigError } from '../report/gateway-report.js'
import { createDeclarativeConfig, type DeclarativeConfig } from './declarative-config.js'
import type { JsonRecord } from './json-record.js'

/**
 * Reads a declarative config from a file, or takes a parsed document.
 * @throws GatewayConfigError: one line that names the file, the place and the remedy.
 */
export async function loadDeclarativeConfig(config: string | JsonRecord): Promise<DeclarativeConfig> {
  const now = Math.floor(Date.now() / 1000)
  if (typeof config !== 'string') return createDeclarativeConfig(config, 'config', now)
  let text: string
  try {
    text = await readFile(config, 'utf8')
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new GatewayConfigError(`${config}: cannot be read (${reason}); give the path of a declarative config`, { cause: error })
  }
  return createDeclarativeConfig(parseYamlConfig(text, config), config, now)
}

/**
 * Parses the text of a declarative config, YAML or JSON.
 * @throws GatewayConfigError with the line and column of a syntax error.
 */
export function parseYamlConfig(text: string, file: string): unknown {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true })
  const [fault] = document.errors
  if (fault !== undefined) {
    const { line, col } = lineCounter.linePos(fault.pos[0])
    throw new GatewayConfigError(`${file}:${line}:${col}: is not valid YAML (${fault.message}); correct that place`)
  }
  try {
    return document.toJS({ maxAliasCount: 1000 })
  } catch (error) {
    throw new GatewayConfigError(
      `${file}: is not valid YAML (${error instanceof Error ? error.message : String(error)}); check its anchors and aliases`,
    )
  }
}

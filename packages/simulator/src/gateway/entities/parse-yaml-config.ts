import { LineCounter, parseDocument } from 'yaml'
import { GatewayConfigError } from '../gateway-errors.js'

/**
 * Parses the text of a declarative config, YAML or JSON.
 * @throws GatewayConfigError with line and column of what is no YAML.
 */
export function parseYamlConfig(text: string, file: string): unknown {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true })
  const [fault] = document.errors
  if (fault !== undefined) {
    const { line, col } = lineCounter.linePos(fault.pos[0])
    throw new GatewayConfigError(`${file}:${line}:${col}: is no valid YAML (${fault.message}); correct that place`)
  }
  try {
    return document.toJS({ maxAliasCount: 1000 })
  } catch (error) {
    throw new GatewayConfigError(
      `${file}: is no valid YAML (${error instanceof Error ? error.message : String(error)}); check its anchors and aliases`,
    )
  }
}

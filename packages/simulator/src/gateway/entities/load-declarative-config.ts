import { readFile } from 'node:fs/promises'
import { GatewayConfigError } from '../gateway-errors.js'
import type { JsonRecord } from '../json-record.js'
import { createDeclarativeConfig, type DeclarativeConfig } from './declarative-config.js'
import { parseYamlConfig } from './parse-yaml-config.js'

/**
 * Reads a declarative config from a file, or takes a parsed one.
 * @throws GatewayConfigError: one line that names file, place and remedy.
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

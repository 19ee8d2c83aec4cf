import type { PluginDefinition } from '@kong-ts/core/server'
import { SERVER_OPTIONS } from './server-options.js'

/** What `-help` prints. */
export function formatHelp(program: string, definitions: readonly PluginDefinition[]): string {
  const plugins = definitions.map(
    ({ name, version, priority, phases }) => `  ${name} ${version}, priority ${priority}, phases ${[...phases.keys()].join(', ')}`,
  )
  const options = Object.entries(SERVER_OPTIONS).map(([name, { argument, optional, text }]) => {
    const value = argument === undefined ? '' : optional ? `[=${argument}]` : ` ${argument}`
    return `  ${`-${name}${value}`.padEnd(31)} ${text}`
  })
  return [
    `Kong plugin server (kong-ts). Usage: ${program} [options]`,
    '',
    'Plugins:',
    ...plugins,
    '',
    'Options (one dash or two, value after a space or =):',
    ...options,
  ].join('\n')
}

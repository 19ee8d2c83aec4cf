import { stringify } from 'yaml'
import type { Setting } from './server-settings.js'

/** What each format makes of settings. */
export const SETTING_FORMATS = {
  /** Lines of kong.conf, in which `#` begins a comment. */
  conf: (settings: readonly Setting[]) => settings.map(([name, value]) => `${name} = ${value.replaceAll('#', '\\#')}`).join('\n'),
  /** Lines for `docker run --env-file`, or systemd's EnvironmentFile. */
  env: (settings: readonly Setting[]) => settings.map(([name, value]) => `${variable(name)}=${value}`).join('\n'),
  /** The environment of a service in a compose file, in which `$` begins a variable. */
  compose: (settings: readonly Setting[]) => {
    const environment = Object.fromEntries(settings.map(([name, value]) => [variable(name), value.replaceAll('$', '$$$$')]))
    return stringify({ environment }, { lineWidth: 0 }).trimEnd()
  },
} as const

export type SettingFormat = keyof typeof SETTING_FORMATS

/** Kong's variable for a setting; it wins over kong.conf. */
function variable(name: string): string {
  return `KONG_${name.toUpperCase()}`
}

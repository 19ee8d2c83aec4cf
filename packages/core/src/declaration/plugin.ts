import { injectable } from 'tsyringe'
import type { Constructor } from './constructor.js'
import { recordPlugin } from './metadata-store.js'
import type { PluginOptions } from './plugin-options.js'

/**
 * Makes a class a Kong plugin, and injectable: its constructor may ask for any provider of tsyringe.
 *
 * @param version `x.y.z`; Kong refuses to start with anything else.
 * @param priority an integer; in each phase plugins with a higher priority run earlier. Kong's own key-auth has 1250, rate-limiting 910.
 * @param options name, protocols and where the plugin may be configured.
 *
 * Mistakes are not raised here but all together when the definition is built (`buildPluginDefinition`, `startServer`).
 */
export function Plugin(version: string, priority: number, options: PluginOptions = {}): (target: Constructor) => void {
  return (target) => {
    recordPlugin(target, { version, priority, options })
    injectable()(target)
  }
}

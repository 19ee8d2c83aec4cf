import { injectable } from 'tsyringe'
import type { Constructor } from './constructor.js'
import { recordPlugin } from './metadata-store.js'
import type { PluginOptions } from './decorator-options.js'

/**
 * Makes a class a Kong plugin. The class becomes injectable too: its constructor can ask for any provider of tsyringe.
 *
 * @param version `x.y.z`. Kong does not start with another form.
 * @param priority an integer. In each phase plugins with a higher priority run earlier; Kong's key-auth has 1250, rate-limiting 910.
 * @param options the name, the protocols, and where the plugin may be configured.
 *
 * Does not throw. All mistakes are reported together when the definition is built, as by `startServer`.
 */
export function Plugin(version: string, priority: number, options: PluginOptions = {}): (target: Constructor) => void {
  return (target) => {
    recordPlugin(target, { version, priority, options })
    injectable()(target)
  }
}

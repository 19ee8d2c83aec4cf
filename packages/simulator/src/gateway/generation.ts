import type { KongNode } from '../model/index.js'
import type { DeclarativeConfig } from './entities/declarative-config.js'
import type { PluginIterator } from './plugins/plugin-iterator.js'
import type { RunnablePlugin } from './plugins/runnable-plugin.js'
import type { Router } from './router/router.js'

/** Everything one reading of the declarative config has made; a request stays with the one it began with. */
export interface Generation {
  readonly config: DeclarativeConfig
  readonly node: KongNode
  readonly router: Router
  readonly plugins: PluginIterator<RunnablePlugin>
}

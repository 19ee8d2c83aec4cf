import { startServer } from '@kong-ts/runtime'
import { PluginClass } from './plugin-name.js'

await startServer(PluginClass)

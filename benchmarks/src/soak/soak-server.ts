#!/usr/bin/env node
import { buildPluginDefinition } from '@kong-ts/core/server'
import { PluginServer, createServerLog } from '@kong-ts/runtime'
import { SoakPlugin } from './soak-plugin.js'

/** A plugin server that gives up events soon, so that a hundred thousand abandoned ones need not wait two minutes. */
const [socketPath = '', abandonedAfter = ''] = process.argv.slice(2)
// Errors are asked for by the hundred thousand: the log is made, and thrown away.
const log = createServerLog({ level: 'error', format: 'json', write: () => undefined })
const server = new PluginServer([buildPluginDefinition(SoakPlugin)], { socketPath, log, abandonedEventTimeout: Number(abandonedAfter) })
process.once('SIGTERM', () => void server.close(1000).then(() => process.exit(0)))
await server.listen()
process.stdout.write('ready\n')

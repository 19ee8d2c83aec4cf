#!/usr/bin/env node
import { buildPluginDefinition } from '@kong-ts/core/server'
import { PluginServer, createServerLog } from '@kong-ts/runtime'
import { SoakPlugin } from './soak-plugin.js'

/** A plugin server that gives up abandoned events soon: by default it waits two minutes. */
const [socketPath = '', abandonedAfter = ''] = process.argv.slice(2)
// There are hundreds of thousands of errors. Lines are made, as in a real server, and thrown away.
const log = createServerLog({ level: 'error', format: 'json', write: () => undefined })
const server = new PluginServer([buildPluginDefinition(SoakPlugin)], { socketPath, log, abandonedEventTimeout: Number(abandonedAfter) })
process.once('SIGTERM', () => void server.close(1000).then(() => process.exit(0)))
await server.listen()
process.stdout.write('ready\n')

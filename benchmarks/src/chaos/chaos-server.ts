#!/usr/bin/env node
import { startServer } from '@kong-ts/runtime'
import { ChaosPlugin } from './chaos-plugin.js'

// After a restart Kong forgets instances that it has just started and never closes them, so the server closes idle ones.
await startServer(ChaosPlugin, { args: [...process.argv.slice(2), '-instance-idle-seconds', '2'] })

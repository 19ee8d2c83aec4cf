#!/usr/bin/env node
import { startServer } from '@kong-ts/runtime'
import { ChaosPlugin } from './chaos-plugin.js'

await startServer(ChaosPlugin)

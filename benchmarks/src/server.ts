#!/usr/bin/env node
import { startServer } from '@kong-ts/runtime'
import { BenchPlugin } from './bench-plugin.js'

await startServer(BenchPlugin)

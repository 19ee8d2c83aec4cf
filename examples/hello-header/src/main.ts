#!/usr/bin/env node
import { startServer } from '@kong-ts/runtime'
import { HelloHeader } from './hello-header.js'

await startServer(HelloHeader)

#!/usr/bin/env node
import { startServer } from '@kong-ts/runtime'
import { FileLog } from './file-log.js'

await startServer(FileLog)

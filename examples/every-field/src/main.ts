#!/usr/bin/env node
import { startServer } from '@kong-ts/runtime'
import { EveryField } from './every-field.js'

await startServer(EveryField)

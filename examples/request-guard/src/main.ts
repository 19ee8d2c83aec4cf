import { startServer } from '@kong-ts/runtime'
import { RequestGuard } from './request-guard.js'

await startServer(RequestGuard)

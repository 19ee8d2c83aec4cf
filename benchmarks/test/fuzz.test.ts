import { expect, it } from 'vitest'
import { runFuzz } from '../src/fuzz/run-fuzz.js'

it('hostile bytes on real sockets never disturb another connection, and leave nothing', async () => {
  expect(await runFuzz({ runs: 150 })).toMatchObject({ liveEvents: 0, connections: 0, bufferedBytes: 0 })
}, 60_000)

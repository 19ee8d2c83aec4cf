import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runSoak } from '../src/soak/run-soak.js'

it('events of every kind, Start and Close in between, leave nothing in the server', async () => {
  const script = fileURLToPath(new URL('../dist/soak/soak-server.js', import.meta.url))
  const { done, counters } = await runSoak({ events: 3000, connections: 16, abandonedAfter: 4000, script })
  expect(done).toEqual({ finished: 500, exit: 500, throw: 500, deadline: 500, abandoned: 500, 'start and close': 500 })
  expect(counters).toMatchObject({
    events: 2500,
    exits: 500,
    failedClosed: 1000,
    abandonedEvents: 500,
    liveEvents: 0,
    liveInstances: 0,
    livePlugins: 0,
    bufferedBytes: 0,
  })
}, 60_000)

// Replays every recorded case of a real Kong 3.9.1 on the gateway, over sockets, and prints the number of equal cases in each group.
//   node packages/simulator/scripts/replay-corpus.mjs [--protocol MsgPack:1|ProtoBuf:1]        Default: both, one after the other.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { protocol: { type: 'string' } } })
const root = fileURLToPath(new URL('../../..', import.meta.url))
const { status } = spawnSync('npx', ['vitest', 'run', 'packages/simulator/test/gateway/corpus-replay.test.ts'], {
  cwd: root,
  env: { ...process.env, KONG_TS_REPLAY: 'all', ...(values.protocol === undefined ? {} : { KONG_TS_REPLAY_PROTOCOL: values.protocol }) },
  stdio: 'inherit',
})
process.exit(status ?? 1)

// Writes plugin-server.proto of the runtime into a module, so that a bundled plugin server has it with it. With --check it writes nothing and
// fails when the module is not what it would write.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../packages/runtime/src/protocol-protobuf')
const SOURCE = join(FOLDER, 'plugin-server.proto')
const TARGET = join(FOLDER, 'message-definitions.ts')

// Comments are for readers of the source.
const definitions = readFileSync(SOURCE, 'utf8')
  .replace(/^ *\/\/.*\n/gm, '')
  .trim()
const text = `/** What plugin-server.proto says; generated from it by scripts/generate-message-definitions.mjs. */
export const MESSAGE_DEFINITIONS = \`
${definitions}
\`
`
if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== text) {
    console.error('message-definitions.ts is stale: run node scripts/generate-message-definitions.mjs')
    process.exit(1)
  }
} else writeFileSync(TARGET, text)
console.log(
  `message definitions: ${definitions.match(/^ *rpc /gm)?.length ?? 0} rpcs, ${definitions.match(/^message /gm)?.length ?? 0} messages`,
)

// `npm start`: installs, builds and runs the hello-header example behind the stand-in gateway. Needs nothing but Node and npm.
import { spawn } from 'node:child_process'

const PNPM = ['-y', 'pnpm@12.21.0']

/** Runs a step with its output held back, so that the one line that matters is not lost; shows it when the step fails. */
function step(text, args) {
  process.stderr.write(`${text} …\n`)
  return new Promise((resolve) => {
    const child = spawn('npx', args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const output = []
    child.stdout.on('data', (chunk) => output.push(chunk))
    child.stderr.on('data', (chunk) => output.push(chunk))
    child.on('error', (error) => fail(text, error.message))
    child.on('close', (code) => (code === 0 ? resolve() : fail(text, Buffer.concat(output).toString())))
  })
}

function fail(text, output) {
  process.stderr.write(`${output}\n${text} failed: see above\n`)
  process.exit(1)
}

await step('installing', [...PNPM, 'install'])
await step('building', [...PNPM, 'run', 'build'])
// In this process, so that Ctrl-C and SIGTERM reach the gateway itself.
const { runCommandLine } = await import('../packages/cli/dist/program.js')
process.exitCode = await runCommandLine(['dev', 'examples/hello-header/kong.yml'])

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
export const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url))

export interface RunningCommand {
  readonly child: ChildProcess
  readonly output: { stdout: string; stderr: string }
  readonly exited: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>
}

/** Runs the built `kong-ts` as a person would. */
export function runKongTs(args: readonly string[], env: NodeJS.ProcessEnv = process.env, cwd = process.cwd()): RunningCommand {
  const child = spawn(process.execPath, [MAIN, ...args], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (output.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)))
  return { child, output, exited: once(child, 'close').then(([code]) => ({ code: code as number | null, ...output })) }
}

/** Waits for the ready line of `kong-ts dev`. @returns the proxy's URL. */
export async function whenReady({ output }: RunningCommand): Promise<string> {
  await expect.poll(() => output.stdout, { timeout: 15_000 }).toMatch(/ready on \S+/)
  return /ready on (\S+),/.exec(output.stdout)?.[1] ?? ''
}

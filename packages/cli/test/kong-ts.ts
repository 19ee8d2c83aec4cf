import { vi } from 'vitest'
import { runCommandLine } from '@kong-ts/cli'

/** What a command did. */
export interface CommandOutcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command without a process of its own, which would spend most of its time on loading. */
export async function kongTs(args: readonly string[], folder?: string): Promise<CommandOutcome> {
  const output = { stdout: '', stderr: '' }
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((chunk) => {
      output[stream] += String(chunk)
      return true
    }),
  )
  const before = process.cwd()
  if (folder !== undefined) process.chdir(folder)
  try {
    const code = await runCommandLine(args)
    return { code, ...output }
  } finally {
    process.chdir(before)
    for (const spy of spies) spy.mockRestore()
  }
}

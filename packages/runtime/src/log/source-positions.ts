import { readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { fileURLToPath } from 'node:url'

const FRAME = '    at '
const FRAME_POSITION = /(file:\/\/[^\s()]+?):(\d+):(\d+)/g
/** A stack begins with a message, which may repeat whatever a client sent: only what can be a frame is looked at, and only so many modules. */
const LONGEST_FRAME = 2000
const MOST_MODULES = 1000

/**
 * Names in stacks the lines that were written instead of the compiled ones, from the source maps beside the modules.
 *
 * Node does so by itself only for modules that are loaded after it was told to, which comes too late for everything a plugin server imports; and its
 * option is not part of the commands that Kong is given.
 */
export class SourcePositions {
  readonly #maps = new Map<string, SourceMap | undefined>()

  /** Replaces the positions of a stack that a source map is found for. */
  inStack(stack: string): string {
    return stack
      .split('\n')
      .map((line) => (line.startsWith(FRAME) && line.length <= LONGEST_FRAME ? this.#inFrame(line) : line))
      .join('\n')
  }

  #inFrame(frame: string): string {
    return frame.replaceAll(FRAME_POSITION, (position, module: string, line: string, column: string) => {
      const entry = this.#mapOf(module)?.findEntry(Number(line) - 1, Number(column) - 1)
      if (entry === undefined || !('originalSource' in entry)) return position
      return `${new URL(entry.originalSource, module).href}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
    })
  }

  #mapOf(module: string): SourceMap | undefined {
    if (!this.#maps.has(module) && this.#maps.size < MOST_MODULES) this.#maps.set(module, readMap(module))
    return this.#maps.get(module)
  }
}

/** A module without a map, or with one that is none, keeps its own positions. */
function readMap(module: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(module)}.map`, 'utf8')) as SourceMapPayload)
  } catch {
    return undefined
  }
}

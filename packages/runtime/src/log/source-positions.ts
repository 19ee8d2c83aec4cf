import { readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { fileURLToPath } from 'node:url'

const FRAME = '    at '
const FRAME_POSITION = /(file:\/\/[^\s()]+?):(\d+):(\d+)/g
/** A stack begins with the message, which may repeat what a client sent. So only lines that can be a frame are read, and few modules. */
const LONGEST_FRAME = 2000
const MOST_MODULES = 1000

/**
 * Replaces the positions in stacks, which are those of the compiled modules, by those of the sources. Reads the source maps beside the modules.
 *
 * Node can do so itself, but only for modules that are loaded after it was asked to. That is too late for what a plugin server imports, and the
 * commands that Kong runs do not have Node's option.
 */
export class SourcePositions {
  readonly #maps = new Map<string, SourceMap | undefined>()

  /** Replaces the positions for which there is a source map. */
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

/** @returns `undefined` for a module without a readable map, whose positions stay. */
function readMap(module: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(module)}.map`, 'utf8')) as SourceMapPayload)
  } catch {
    return undefined
  }
}

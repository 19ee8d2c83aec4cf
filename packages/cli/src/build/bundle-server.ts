import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PluginFileError } from '../load-plugins/plugin-file-error.js'

/** The newest version that runs on every Node.js that kong-ts supports. */
const ROLLDOWN = 'rolldown@1.3.2'

export interface BundleOptions {
  /** Shorten the code, but keep names. */
  readonly minify: boolean
}

/**
 * Bundles a compiled plugin server with everything it imports into one file and a source map. The file is an ES module, because the entry of a
 * server awaits `startServer`. Names are kept: plugin names and the messages of the container are made of class names.
 *
 * The caller must have judged the plugins: the code that judges them at `-dump` is left out of the file.
 *
 * @throws PluginFileError when rolldown is not installed, or the script cannot be bundled.
 */
export async function bundleServer(script: string, file: string, { minify }: BundleOptions): Promise<void> {
  const { rolldown } = await loadRolldown()
  try {
    const build = await rolldown({
      input: script,
      platform: 'node',
      resolve: { mainFields: ['module', 'main'], alias: classTransformerStorage(script) },
      transform: { define: BUILT },
      plugins: [
        {
          name: 'source-maps',
          load: { filter: { id: { include: /\.[cm]?js$/, exclude: /[/\\]node_modules[/\\]/ } }, handler: readWithSourceMap },
        },
      ],
      // tsyringe and class-validator have pure annotations in places where rolldown warns of them.
      onLog: () => undefined,
    })
    try {
      await build.write({ file, format: 'es', codeSplitting: false, sourcemap: true, minify, keepNames: true, comments: COMMENTS })
    } finally {
      await build.close()
    }
  } catch (cause) {
    throw new PluginFileError(`${script} cannot be bundled: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** Licences stay. Descriptions are in the sources, and V8 would keep them in memory with the code. */
const COMMENTS = { legal: true, annotation: false, jsdoc: false }

/** The runtime drops what judges plugins where this is defined. */
const BUILT = { __KONG_TS_BUILT__: 'true' }

/** Takes the compiler's source maps into that of the bundle, so that stacks name the lines of the sources. */
async function readWithSourceMap(file: string): Promise<{ code: string; map: string } | null> {
  try {
    return { map: await readFile(`${file}.map`, 'utf8'), code: await readFile(file, 'utf8') }
  } catch {
    return null
  }
}

/** Loads rolldown, which users install themselves: it is large, and only this command needs it. */
async function loadRolldown() {
  try {
    return await import('rolldown')
  } catch (cause) {
    throw new PluginFileError(`rolldown is not installed, which kong-ts build bundles with: npm install --save-dev ${ROLLDOWN}`, { cause })
  }
}

/**
 * Maps the path by which core reads class-transformer's storage to the file that the rest of the bundle uses. Libraries are taken in their
 * `module` form, because it makes a bundle small. The path has no such form, and would become a second, empty storage.
 */
function classTransformerStorage(script: string): Readonly<Record<string, string>> {
  try {
    const fromCore = createRequire(createRequire(script).resolve('@kong-ts/core/package.json'))
    const folder = dirname(dirname(fromCore.resolve('class-transformer')))
    return { 'class-transformer/cjs/storage.js': join(folder, 'esm5', 'storage.js') }
  } catch {
    // The script does not import kong-ts from a package: it may be a bundle.
    return {}
  }
}

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PluginFileError } from '../load-plugins/plugin-file-error.js'

/** The newest that runs on every Node.js kong-ts does. */
const ROLLDOWN = 'rolldown@1.3.2'

/** How a bundle is written. */
export interface BundleOptions {
  readonly minify: boolean
}

/**
 * Bundles a built plugin server with everything it imports into one file, an ES module since its entry awaits `startServer`, and a source map.
 *
 * Names are kept, because plugin names and the messages of the container are made of class names.
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
      plugins: [
        {
          name: 'source-maps',
          load: { filter: { id: { include: /\.[cm]?js$/, exclude: /[/\\]node_modules[/\\]/ } }, handler: readWithSourceMap },
        },
      ],
      // tsyringe and class-validator carry pure annotations where these mean nothing.
      onLog: () => undefined,
    })
    try {
      await build.write({ file, format: 'es', codeSplitting: false, sourcemap: true, minify, keepNames: true })
    } finally {
      await build.close()
    }
  } catch (cause) {
    throw new PluginFileError(`${script} cannot be bundled: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** The compiler's source maps go into that of the bundle, so that stacks name the lines that were written. */
async function readWithSourceMap(file: string): Promise<{ code: string; map: string } | null> {
  try {
    return { map: await readFile(`${file}.map`, 'utf8'), code: await readFile(file, 'utf8') }
  } catch {
    return null
  }
}

/** Heavy, and needed by nothing else: who bundles installs it. */
async function loadRolldown() {
  try {
    return await import('rolldown')
  } catch (cause) {
    throw new PluginFileError(`rolldown is not installed, which kong-ts build bundles with: npm install --save-dev ${ROLLDOWN}`, { cause })
  }
}

/**
 * Libraries are taken in their `module` form, which is what makes a bundle small. class-transformer's storage has none under the path that core
 * takes it from, and would become a second, empty one: that path is turned to the file that the rest of the bundle uses.
 */
function classTransformerStorage(script: string): Readonly<Record<string, string>> {
  try {
    const fromCore = createRequire(createRequire(script).resolve('@kong-ts/core/package.json'))
    const folder = dirname(dirname(fromCore.resolve('class-transformer')))
    return { 'class-transformer/cjs/storage.js': join(folder, 'esm5', 'storage.js') }
  } catch {
    // A script that brings kong-ts along in another way, such as a bundle.
    return {}
  }
}

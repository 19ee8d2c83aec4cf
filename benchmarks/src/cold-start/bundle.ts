import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { rolldown } from 'rolldown'

/**
 * Bundles a built plugin server into one file, an ES module since entry files await `startServer`.
 *
 * Names are kept, because plugin names and the container's messages are made of class names. Dependencies are taken in their `module` form,
 * which is what makes a bundle small; class-transformer's storage has no such form and would become a second, empty one, so its path is
 * turned to the file that the rest of the bundle uses.
 */
export async function bundle(input: string, file: string): Promise<void> {
  const build = await rolldown({
    input,
    platform: 'node',
    resolve: { mainFields: ['module', 'main'], alias: classTransformerStorage() },
    // tsyringe and class-validator carry pure annotations where these mean nothing.
    onLog: () => undefined,
  })
  try {
    await build.write({ file, format: 'es', codeSplitting: false, minify: true, keepNames: true })
  } finally {
    await build.close()
  }
}

function classTransformerStorage(): Readonly<Record<string, string>> {
  const fromCore = createRequire(createRequire(import.meta.url).resolve('@kong-ts/core/package.json'))
  const folder = dirname(dirname(fromCore.resolve('class-transformer')))
  return { 'class-transformer/cjs/storage.js': join(folder, 'esm5', 'storage.js') }
}

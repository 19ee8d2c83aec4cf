import { access } from 'node:fs/promises'
import { resolve } from 'node:path'
import { importPlugins } from './import-plugins.js'
import type { LoadedPlugin } from './loaded-plugin.js'
import { PluginFileError } from './plugin-file-error.js'
import { runDump, type DumpOptions } from './run-dump.js'

/**
 * The plugins of a built file: a script that calls `startServer`, or a module that exports plugin classes or definitions.
 *
 * Runs the file with `-dump` first, as Kong does: a script prints its plugins and starts nothing. Imports a module that prints nothing, and
 * finds the plugins among its exports.
 *
 * @throws PluginFileError when there are none; PluginDefinitionError with every mistake of a class.
 */
export async function loadPlugins(file: string, options: DumpOptions = {}): Promise<readonly LoadedPlugin[]> {
  const path = resolve(file)
  await access(path).catch((cause: unknown) => {
    throw new PluginFileError(`${file} does not exist: build the plugin first (npx tsc -b), then name dist/main.js`, { cause })
  })
  if (/\.[cm]?tsx?$/.test(path))
    throw new PluginFileError(`${file} is TypeScript: build the plugin first (npx tsc -b), then name the JavaScript file`)
  const plugins = (await runDump(path, file, options)) ?? (await importPlugins(path, file))
  if (plugins.length === 0)
    throw new PluginFileError(`${file} neither calls startServer nor exports a class with @Plugin: name the file that does`)
  return plugins
}

/**
 * One plugin of a file.
 *
 * @param name needed only when the file has several plugins.
 * @throws PluginFileError when the file has no such plugin, or has several and `name` is missing.
 */
export async function loadPlugin(file: string, name: string | undefined): Promise<LoadedPlugin> {
  const plugins = await loadPlugins(file)
  const names = plugins.map((plugin) => plugin.name).join(', ')
  const found = name === undefined ? plugins : plugins.filter((plugin) => plugin.name === name)
  const [only, ...more] = found
  if (only === undefined) throw new PluginFileError(`${file} has no plugin ${name}, only ${names}`)
  if (more.length > 0) throw new PluginFileError(`${file} has several plugins: choose one with --plugin (${names})`)
  return only
}

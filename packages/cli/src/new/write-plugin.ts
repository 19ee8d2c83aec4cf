import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PluginFileError } from '../load-plugins/plugin-file-error.js'
import type { PluginHome } from './plugin-home.js'
import { pluginManifest } from './plugin-manifest.js'

/** The names of a new plugin. */
export interface PluginNames {
  /** Its name in Kong, which is also the name of its folder: `request-guard`. */
  readonly name: string
  /** The name of its class: `RequestGuard`. */
  readonly className: string
}

/** @throws PluginFileError for a name that Kong or TypeScript would refuse. */
export function pluginNames(name: string): PluginNames {
  if (!/^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(name))
    throw new PluginFileError(
      `${JSON.stringify(name)} is not a name for a plugin: use lower-case words with dashes between them, such as request-guard`,
    )
  return {
    name,
    className: name
      .split('-')
      .map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`)
      .join(''),
  }
}

const TEMPLATES = fileURLToPath(new URL('../../templates', import.meta.url))

/**
 * Writes a new plugin: its source, a test, a kong.yml, and the files to build it.
 *
 * @param version the version of kong-ts.
 * @returns the files, relative to the plugin's folder.
 * @throws PluginFileError when the folder exists and is not empty.
 */
export async function writePlugin(names: PluginNames, home: PluginHome, version: string): Promise<readonly string[]> {
  const present = await readdir(home.folder).catch(() => [])
  if (present.length > 0) throw new PluginFileError(`${home.folder} exists and is not empty: choose another name`)
  const manifest = `${JSON.stringify(pluginManifest(names.name, home, version), null, 2)}\n`
  const files = [
    { path: 'package.json', text: manifest },
    ...(await readTemplate('plugin', names)),
    ...(await readTemplate(home.kind, names)),
  ]
  for (const { path, text } of files) {
    const file = join(home.folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  return files.map(({ path }) => path)
}

interface TemplateFile {
  readonly path: string
  readonly text: string
}

/** npm never publishes a file with the name .gitignore. */
const DISGUISED = { name: 'gitignore', written: '.gitignore' }

async function readTemplate(template: string, { name, className }: PluginNames): Promise<readonly TemplateFile[]> {
  const folder = join(TEMPLATES, template)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  return Promise.all(
    paths.map(async (path) => ({
      path: path
        .slice(folder.length + 1)
        .replace('plugin-name', name)
        .replace(DISGUISED.name, DISGUISED.written),
      text: (await readFile(path, 'utf8')).replaceAll('plugin-name', name).replaceAll('PluginClass', className),
    })),
  )
}

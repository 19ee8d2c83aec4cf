import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PluginFileError } from '../load-plugins/plugin-file-error.js'
import type { PluginHome } from './plugin-home.js'

/** The names of a new plugin. */
interface PluginNames {
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

/** The versions with which this repository is built and tested. A test compares the two. */
const TOOL_VERSIONS = { '@types/node': '20.19.43', typescript: '7.0.2', vitest: '4.1.12' } as const
const CLASS_VALIDATOR_VERSION = '0.15.1'

/** `exec`, so that a signal to npm reaches the command and not only its shell. */
const SCRIPTS = { dev: 'exec kong-ts dev kong.yml --watch', check: 'kong-ts check dist/main.js --config kong.yml' }

/** Tests build first, because scenarios run the built server. */
const EXAMPLE_SCRIPTS = { build: 'tsc -b', ...SCRIPTS, test: 'tsc -b && vitest run --root ../.. examples/$(basename "$PWD")/' }
const OWN_SCRIPTS = { build: 'tsc', ...SCRIPTS, test: 'tsc && tsc -p test && vitest run' }

/**
 * The package.json of a new plugin.
 *
 * @param version the version of kong-ts.
 */
function pluginManifest(name: string, home: PluginHome, version: string): object {
  const isExample = home.kind === 'workspace'
  function ours(...packages: readonly string[]): Record<string, string> {
    return Object.fromEntries(packages.map((name) => [`@kong-ts/${name}`, specifier(name, home, version)]))
  }
  return {
    name: isExample ? `@kong-ts-examples/${name}` : name,
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: { node: '>=20.19.0' },
    main: 'dist/main.js',
    scripts: isExample ? EXAMPLE_SCRIPTS : OWN_SCRIPTS,
    dependencies: { ...ours('core', 'runtime'), 'class-validator': isExample ? 'catalog:' : CLASS_VALIDATOR_VERSION },
    devDependencies: { ...ours('cli', 'testing'), ...(isExample ? {} : TOOL_VERSIONS) },
  }
}

function specifier(name: string, home: PluginHome, version: string): string {
  if (home.kind === 'workspace') return 'workspace:^'
  return home.checkout === undefined ? `^${version}` : `link:${home.checkout}/packages/${name}`
}

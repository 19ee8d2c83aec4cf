import type { PluginHome } from './plugin-home.js'

/** The versions with which this repository is built and tested. A test compares the two. */
export const TOOL_VERSIONS = { '@types/node': '20.19.43', typescript: '7.0.2', vitest: '4.1.12' } as const
export const CLASS_VALIDATOR_VERSION = '0.15.1'

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
export function pluginManifest(name: string, home: PluginHome, version: string): object {
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

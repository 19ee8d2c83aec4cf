import { stat } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Command } from 'commander'
import { bundleServer } from '../build/bundle-server.js'
import { loadPlugins } from '../load-plugins/load-plugins.js'
import { PluginFileError } from '../load-plugins/plugin-file-error.js'

interface BuildOptions {
  readonly out?: string
  readonly minify?: boolean
}

const HELP = `
The file needs nothing but Node.js: it can be copied to Kong's machine alone, and
starts faster than separate files. Beside it is its source map, with which
stacks in the log name the lines of your source (compile with "sourceMap"). A
bundle that does not dump what the script dumps is an error.

What is not JavaScript cannot be in it: addons (*.node), and files that a plugin
reads beside its own. Bundling needs rolldown, which is not installed with
kong-ts: npm install --save-dev rolldown@1.3.2

Exit code: 0, or 1 when the script is not a plugin server or cannot be bundled.

Examples:
  kong-ts build dist/main.js --out my-plugin.mjs
  kong-ts conf my-plugin.mjs --folder /opt/plugins`

/** `kong-ts build <script>`: a plugin server as one file. */
export function addBuildCommand(program: Command): void {
  program
    .command('build')
    .summary('bundle a plugin server and all it imports into one file')
    .description('Bundles a plugin server and all it imports into one file.')
    .argument('<script>', 'built script that calls startServer')
    .option('-o, --out <file>', 'what to write, ending in .mjs. Default: <plugin>.mjs beside the script')
    .option('--minify', 'shorten all but the names that matter: smaller, but unreadable without the source map')
    .addHelpText('after', HELP)
    .action(build)
}

async function build(script: string, { out, minify = false }: BuildOptions): Promise<void> {
  const plugins = await loadPlugins(script)
  const [first] = plugins
  if (first?.protocol === undefined) throw new PluginFileError(`${script} is not a plugin server: let it call startServer`)
  if (out !== undefined && !out.endsWith('.mjs'))
    throw new PluginFileError(`${out} does not end in .mjs, which tells Node that the file is a module: rename it`)
  const file = resolve(out ?? join(dirname(script), `${first.name}.mjs`))
  if (file === resolve(script)) throw new PluginFileError(`${script} would be replaced by its own bundle: give another file with --out`)
  await bundleServer(resolve(script), file, { minify })
  if (!isDeepStrictEqual(await loadPlugins(file), plugins))
    throw new PluginFileError(`${file} does not dump what ${script} does: please report it`)
  const { size } = await stat(file)
  process.stdout.write(
    `${relative(process.cwd(), file)}: ${plugins.map(({ name, version }) => `${name} ${version}`).join(', ')}; ${Math.ceil(size / 1024)} KiB\n`,
  )
}

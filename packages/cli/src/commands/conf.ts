import { basename, isAbsolute, join, resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { PROTOCOL_NAMES, type ProtocolName } from '@kong-ts/runtime'
import { NEWEST_KONG_VERSION } from '@kong-ts/schema'
import { kongGeneration } from '../conf/kong-generation.js'
import { SETTING_FORMATS, serverSettings, type ConfiguredServer, type SettingFormat } from '../conf/server-settings.js'
import { loadPlugins } from '../load-plugins/load-plugins.js'
import { PluginFileError } from '../load-plugins/plugin-file-error.js'

interface ConfOptions {
  readonly kong: string
  readonly prefix: string
  readonly node: string
  readonly folder?: string
  readonly protocol?: ProtocolName
  readonly format: SettingFormat
}

const HELP = `
Every script is run with -dump and an empty environment first, as Kong starts
plugin servers: one that needs a variable is found out here. All paths are
absolute, and nothing depends on PATH. A script may serve several plugins; from
Kong 3.9 on each of them gets an entry of its own.

The lines are for this machine, unless --node and --folder say where Node.js and
the scripts (bundles of kong-ts build) are on Kong's.

Exit code: 0, or 1 when a script is not a plugin server.

Examples:
  kong-ts conf dist/main.js >> kong.conf
  kong-ts conf my-plugin.mjs --node /usr/bin/node --folder /opt/plugins
  kong-ts conf dist/main.js --kong 3.4 --format env > kong.env`

/** `kong-ts conf <script…>`: the settings with which Kong runs plugin servers. */
export function addConfCommand(program: Command): void {
  program
    .command('conf')
    .summary('print the lines of kong.conf that make Kong run plugin servers')
    .description('Prints the lines of kong.conf that make Kong run plugin servers.')
    .argument('<script...>', 'built scripts that call startServer')
    .option('--kong <version>', 'the Kong that is to run them', NEWEST_KONG_VERSION)
    .option('--prefix <folder>', "Kong's prefix, where the sockets are", '/usr/local/kong')
    .option('--node <path>', "Node.js on Kong's machine", process.execPath)
    .option('--folder <folder>', "where the scripts are on Kong's machine, if not where they are here")
    .addOption(new Option('--protocol <name>', 'what the servers are told to speak, if not what the scripts say').choices(PROTOCOL_NAMES))
    .addOption(
      new Option('-f, --format <format>', 'kong.conf, variables for --env-file, or a compose file')
        .choices(Object.keys(SETTING_FORMATS))
        .default('conf'),
    )
    .addHelpText('after', HELP)
    .action(printConf)
}

async function printConf(scripts: readonly string[], { kong, prefix, node, folder, protocol, format }: ConfOptions): Promise<void> {
  for (const [option, path] of Object.entries({ prefix, node, folder })) {
    if (path !== undefined && !isAbsolute(path))
      throw new PluginFileError(
        `--${option} ${path} is not an absolute path, and Kong runs commands in another folder: give the whole path`,
      )
  }
  const generation = kongGeneration(kong)
  const servers = await Promise.all(scripts.map((script) => readServer(script, folder)))
  refuseTwice(servers)
  const notes = generation.notes.map((note) => `# Kong ${kong}: ${note}\n`).join('')
  process.stdout.write(`${notes}${SETTING_FORMATS[format](serverSettings(servers, { node, prefix, protocol }, generation))}\n`)
}

async function readServer(script: string, folder: string | undefined): Promise<ConfiguredServer> {
  const [first, ...more] = await loadPlugins(script, { env: {} })
  if (first?.protocol === undefined) throw new PluginFileError(`${script} is not a plugin server: let it call startServer`)
  const plugins = [first.name, ...more.map(({ name }) => name)] as const
  return { script: folder === undefined ? resolve(script) : join(folder, basename(script)), plugins }
}

/** Kong knows a plugin only by its name, and the socket has the name of the first. */
function refuseTwice(servers: readonly ConfiguredServer[]): void {
  const names = servers.flatMap(({ plugins }) => plugins)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new PluginFileError(`two scripts serve ${twice}: name one of them only`)
  const scripts = servers.map(({ script }) => script)
  const same = scripts.find((script, index) => scripts.indexOf(script) !== index)
  if (same !== undefined) throw new PluginFileError(`two scripts would be ${same}: give each bundle a name of its own`)
}

import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { findPluginHome, isCheckout, type PluginHome } from '../new/plugin-home.js'
import { pluginNames, writePlugin } from '../new/write-plugin.js'

/** The checkout from which this command runs, if it does. */
const OWN_CHECKOUT = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '')

/** The package manager for linked packages: it leaves their dependencies alone, npm does not. */
const PNPM = 'npx -y pnpm@12.21.0'

const HELP = `
Within a checkout of kong-ts the plugin becomes examples/<name>, a package of its
workspace. Elsewhere it becomes a folder beneath the current one, with kong-ts
from the npm registry, or from a checkout with --link.

Exit code: 0, or 1 for a name that is not allowed, or a folder that exists.

Examples:
  kong-ts new request-guard
  kong-ts new request-guard --link ../kong-ts`

/** `kong-ts new <name>`: a folder with a plugin that builds, runs and is tested. */
export function addNewCommand(program: Command, version: string): void {
  program
    .command('new')
    .summary('make a folder with a new plugin, its kong.yml and its test')
    .description('Makes a folder with a new plugin, its kong.yml and its test.')
    .argument('<name>', "the plugin's name in Kong, lower-case with dashes: request-guard")
    .option('--link <checkout>', 'take the packages of kong-ts from this checkout, built, instead of the npm registry')
    .addHelpText('after', HELP)
    .action((name: string, { link }: { readonly link?: string }) => createPlugin(name, link, version))
}

async function createPlugin(name: string, link: string | undefined, version: string): Promise<void> {
  const home = findPluginHome(name, link, process.cwd())
  const files = await writePlugin(pluginNames(name), home, version)
  const shown = relative(process.cwd(), home.folder)
  process.stdout.write(`${[`made ${shown}:`, ...files.map((file) => `  ${file}`), '', ...nextSteps(home, shown)].join('\n')}\n`)
}

function nextSteps(home: PluginHome, folder: string): readonly string[] {
  return [
    ...installation(home),
    'Next:',
    `  cd ${folder}`,
    `  ${home.kind === 'standalone' && home.checkout === undefined ? 'npm' : PNPM} install`,
    '  npm test             # builds, then tests in memory and through sockets',
    '  npm run check        # its schema, its PDK calls, and whether Kong takes kong.yml',
    '  npm run dev          # behind a stand-in for Kong; rebuilds and restarts when you change it',
  ]
}

function installation(home: PluginHome): readonly string[] {
  if (home.kind === 'workspace' || home.checkout !== undefined) return []
  return [
    'The packages of kong-ts are not in the npm registry yet: npm install finds them only when they are.',
    `Until then remove this folder, and make it with --link ${isCheckout(OWN_CHECKOUT) ? OWN_CHECKOUT : 'PATH_OF_A_CHECKOUT'}`,
    '',
  ]
}

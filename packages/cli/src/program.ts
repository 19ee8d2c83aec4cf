import { createRequire } from 'node:module'
import { Command, CommanderError } from 'commander'
import { KongTsError } from '@kong-ts/core'
import { SchemaError } from '@kong-ts/schema'
import { addBuildCommand } from './commands/build.js'
import { addCheckCommand } from './commands/check.js'
import { addConfCommand } from './commands/conf.js'
import { addDevCommand } from './commands/dev.js'
import { addGatewayCommand } from './commands/gateway.js'
import { addNewCommand } from './commands/new.js'
import { addSchemaCommand } from './commands/schema.js'

const manifest = createRequire(import.meta.url)('../package.json') as { readonly version: string }

const HELP = `
From nothing to a plugin behind a gateway:
  kong-ts new my-plugin          a folder with a plugin, its kong.yml, its test
  kong-ts dev kong.yml --watch   the plugin behind a stand-in for Kong
  kong-ts check dist/main.js     what Kong will say to it
  kong-ts conf dist/main.js      the lines with which Kong runs it

Every command has a --help of its own. Exit code: 0, or 1 after one line on
stderr that says what is wrong and what to do.`

/**
 * Runs `kong-ts` with these arguments until its command ends.
 *
 * @returns the exit code: 0, or 1 after one line on stderr that says what is wrong and what to do.
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const program = new Command('kong-ts')
    .description('Makes, checks, runs and ships Kong plugins written in TypeScript.')
    .version(manifest.version, '--version', 'print the version of kong-ts')
    .showHelpAfterError('(see kong-ts --help)')
    .addHelpText('after', HELP)
    .exitOverride()
  addNewCommand(program, manifest.version)
  addDevCommand(program)
  addGatewayCommand(program)
  addCheckCommand(program)
  addSchemaCommand(program)
  addConfCommand(program)
  addBuildCommand(program)
  try {
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    // commander has already printed what is wrong with the arguments, or the help.
    if (error instanceof CommanderError) return error.exitCode
    process.stderr.write(`kong-ts: ${describe(error)}\n`)
    return 1
  }
}

/** The messages of our own errors end in the remedy. Any other error is a bug of ours, and its stack is needed. */
function describe(error: unknown): string {
  if (error instanceof KongTsError || error instanceof SchemaError) return error.message
  return error instanceof Error ? `unexpected error, please report it: ${error.stack ?? error.message}` : String(error)
}

import { Option, type Command } from 'commander'
import { fitSchema } from '@kong-ts/core/tooling'
import { generateConfigType, generateJsonSchema, generateSchemaLua, type KongSchema } from '@kong-ts/schema'
import { loadPlugin } from '../load-plugins/load-plugins.js'

/** Prints a schema, by format. */
const FORMATS = {
  kong: (schema: KongSchema) => `${JSON.stringify(schema, null, 2)}\n`,
  lua: generateSchemaLua,
  'json-schema': (schema: KongSchema) => `${JSON.stringify(generateJsonSchema(schema), null, 2)}\n`,
  typescript: generateConfigType,
} as const

interface SchemaOptions {
  readonly format: keyof typeof FORMATS
  readonly plugin?: string
  readonly kongVersion?: string
}

const HELP = `
Exit code: 0, or 1 when the file has no such plugin.

Examples:
  kong-ts schema dist/main.js --format lua > schema.lua
  kong-ts schema dist/main.js --format json-schema --kong-version 3.4`

/** `kong-ts schema <plugin>`: prints the plugin's schema for Kong, as Lua, as JSON Schema or as TypeScript. */
export function addSchemaCommand(program: Command): void {
  program
    .command('schema')
    .summary("print a plugin's schema, for Kong, Lua, JSON Schema or TypeScript")
    .description("Prints a plugin's schema: as Kong reads it, as schema.lua, as JSON Schema of its config, or as a TypeScript type of it.")
    .argument('<plugin>', 'built script that calls startServer, or module that exports the plugin class')
    .addOption(new Option('-f, --format <format>', 'what to print').choices(Object.keys(FORMATS)).default('kong'))
    .option('--plugin <name>', 'which plugin, when the file has several')
    .option('--kong-version <version>', 'leave out what this Kong does not know, such as 3.4')
    .addHelpText('after', HELP)
    .action(printSchema)
}

async function printSchema(file: string, { format, plugin, kongVersion }: SchemaOptions): Promise<void> {
  const { schema } = await loadPlugin(file, plugin)
  const { schema: fitted, warnings } = kongVersion === undefined ? { schema, warnings: [] } : fitSchema(schema, kongVersion)
  for (const warning of warnings) process.stderr.write(`${warning}\n`)
  process.stdout.write(FORMATS[format](fitted))
}

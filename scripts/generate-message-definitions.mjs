// Writes message-definitions.ts from plugin-server.proto: the fields of every message as rows for the codec, and their types. With --check it
// writes nothing, and fails when the module is stale.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../packages/runtime/src/protocol-protobuf')
const SOURCE = join(FOLDER, 'plugin-server.proto')
const TARGET = join(FOLDER, 'message-definitions.ts')
const TYPES = { int32: 'number', int64: 'Int64', double: 'number', bool: 'boolean', string: 'string', bytes: 'Uint8Array' }

const source = readFileSync(SOURCE, 'utf8').replace(/\/\/.*$/gm, '')
const messages = [...source.matchAll(/\bmessage (\w+) \{((?:[^{}]|\{[^{}]*\})*)\}/g)].map(([, name, body]) => ({
  name,
  fields: fieldsOf(body),
}))
const rpcs = source.match(/\brpc /g)?.length ?? 0

function fieldsOf(body) {
  const oneof = /\boneof \w+ \{([^{}]*)\}/.exec(body)
  const plain = rowsOf(body.replace(oneof?.[0] ?? '', ''))
  return [...plain, ...rowsOf(oneof?.[1] ?? '').map((field) => ({ ...field, presence: 'oneof' }))].sort((a, b) => a.number - b.number)
}

function rowsOf(text) {
  return [...text.matchAll(/(?:(optional|repeated) )?(\w+) (\w+) = (\d+);/g)].map(([, label, type, name, number]) => {
    const message = type in TYPES ? undefined : type
    // A message is always known to be there or not; a scalar only where the source says optional.
    return { name, number: Number(number), type, message, presence: label ?? (message === undefined ? 'implicit' : 'optional') }
  })
}

function interfaceOf({ name, fields }) {
  const members = fields.map(({ name: member, type, message, presence }) => {
    const single = message === undefined ? TYPES[type] : `${message}Message`
    const mark = presence === 'implicit' ? '' : '?'
    return `  readonly ${member}${mark}: ${presence === 'repeated' ? `readonly ${single}[]` : single}\n`
  })
  return fields.length === 0
    ? `export type ${name}Message = Readonly<Record<never, never>>\n`
    : `export interface ${name}Message {\n${members.join('')}}\n`
}

function rowsText({ name, fields }) {
  const rows = fields.map((field) => {
    const kind = field.message === undefined ? `kind: '${field.type}'` : `kind: 'message', message: '${field.message}'`
    return `{ name: '${field.name}', number: ${field.number}, ${kind}, presence: '${field.presence}' }`
  })
  return rows.length > 1 ? `  ${name}: [\n${rows.map((row) => `    ${row},\n`).join('')}  ],\n` : `  ${name}: [${rows.join('')}],\n`
}

const text = `// Generated from plugin-server.proto by scripts/generate-message-definitions.mjs: change the source and run the script.
import type { Int64 } from './field-reader.js'

/** One field of a message. */
export interface FieldRow {
  readonly name: string
  readonly number: number
  readonly kind: ${Object.keys(TYPES)
    .map((type) => `'${type}'`)
    .join(' | ')} | 'message'
  /** The message in a field of kind message. */
  readonly message?: MessageName
  /**
   * Whether the field can be absent. An implicit one is its zero value when it was not sent, repeated ones are absent when there is none, and of
   * those of a oneof one is present at most.
   */
  readonly presence: 'implicit' | 'optional' | 'repeated' | 'oneof'
}

${messages.map(interfaceOf).join('\n')}
/** Every message by its name. */
export interface Messages {
${messages.map(({ name }) => `  ${name}: ${name}Message\n`).join('')}}

export type MessageName = keyof Messages

/** The fields of every message, by their numbers. */
export const MESSAGE_FIELDS: Readonly<Record<MessageName, readonly FieldRow[]>> = {
${messages.map(rowsText).join('')}}
`
if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== text) {
    console.error('message-definitions.ts is stale: run node scripts/generate-message-definitions.mjs')
    process.exit(1)
  }
} else writeFileSync(TARGET, text)
console.log(`message definitions: ${rpcs} rpcs, ${messages.length} messages`)

import { decodeJson } from '../lua/decode-json.js'
import { raise } from '../lua/lua-error.js'
import { luaToString } from '../lua/lua-text.js'
import { LuaTable, type LuaValue } from '../lua/lua-value.js'
import type { KongNode } from '../node/kong-node.js'
import { luaType } from '../lua/lua-value.js'
import type { PdkNamespace } from './pdk-function.js'

export const VAULT_FUNCTIONS: PdkNamespace = {
  'kong.vault.is_reference': { call: (_, [reference]) => isReference(reference) },
  'kong.vault.parse_reference': { call: (_, [reference]) => {
    const parsed = parseReference(reference)
    return parsed && LuaTable.record([
      ['name', parsed.name], ['resource', parsed.resource], ['key', parsed.key], ['config', parsed.config.size > 0 ? LuaTable.record(parsed.config) : undefined], ['version', parsed.version],
    ])
  } },
  'kong.vault.get': { call: ({ node }, [reference]) => {
    const parsed = parseReference(reference)
    return parsed && readSecret(node, parsed)
  } },
  'kong.vault.update': { call: ({ node }, [options]) => updateSecrets(node, options) },
  'kong.vault.flush': { call: () => undefined },
  'kong.vault.init_worker': { call: () => undefined },
  'kong.vault.warmup': { call: (_, [options]) => (options instanceof LuaTable ? undefined : raise(`bad argument #1 to 'pairs' (table expected, got ${luaType(options)})`)) },
  'kong.vault.try': { call: () => raise('attempt to call a nil value') },
}

interface Reference {
  readonly name: string
  readonly resource: string
  readonly key: string | undefined
  readonly config: ReadonlyMap<string, string>
  readonly version: number | undefined
}

function isReference(value: LuaValue): value is string {
  return typeof value === 'string' && value.startsWith('{vault://') && value.endsWith('}')
}

/** `{vault://name/resource/key?config#version}`; undefined without a resource. */
function parseReference(value: LuaValue): Reference | undefined {
  if (!isReference(value)) return undefined
  const match = /^([^/?#]*)(?:\/([^/?#]*))?(?:\/([^?#]*))?(?:\?([^#]*))?(?:#(.*))?$/.exec(value.slice('{vault://'.length, -1))
  const [, name = '', resource = '', key = '', query = '', version] = match ?? []
  if (name === '' || resource === '') return undefined
  return { name, resource, key: key === '' ? undefined : key, config: new Map(new URLSearchParams(query)), version: version === undefined ? undefined : Number(version) || undefined }
}

/** Reads a secret of the `env` vault, or of a vault entity of that kind; other vaults are out of reach. */
function readSecret(node: KongNode, reference: Reference): LuaValue {
  const entity = node.vaults.get(reference.name)
  const kind = entity ? entity.get('name') : reference.name
  if (kind !== 'env') return undefined
  const ownConfig = entity?.get('config')
  const own = ownConfig instanceof LuaTable ? ownConfig.get('prefix') : undefined
  const prefix = reference.config.get('prefix') ?? (own === undefined || own === null ? '' : luaToString(own))
  const secret = node.env.get(`${prefix}${reference.resource}`.replaceAll('-', '_').toUpperCase())
  if (secret === undefined || reference.key === undefined) return secret
  const document = decodeJson(secret)?.value
  const member = document instanceof LuaTable ? document.get(reference.key) : undefined
  return typeof member === 'string' ? member : undefined
}

/** The table itself, its `$refs` members read anew. */
function updateSecrets(node: KongNode, options: LuaValue): LuaValue {
  const references = options instanceof LuaTable ? options.get('$refs') : undefined
  if (!(options instanceof LuaTable) || !(references instanceof LuaTable)) return options
  for (const [name, reference] of references) {
    const parsed = parseReference(reference)
    if (parsed) options.set(name, readSecret(node, parsed) ?? '')
  }
  return options
}

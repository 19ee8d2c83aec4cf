import {
  decodeJson,
  isVaultReference,
  type LuaKey,
  LuaTable,
  luaType,
  type LuaValue,
  parseVaultReference,
  raise,
  type VaultReference,
} from '@kong-ts/schema/lua'
import { decodeArgs } from '../http/url-encoding.js'
import type { KongNode } from '../node/kong-node.js'
import type { PdkNamespace } from './pdk-function.js'

export const VAULT_FUNCTIONS: PdkNamespace = {
  'kong.vault.is_reference': { call: (_, [reference]) => isVaultReference(reference) },
  'kong.vault.parse_reference': {
    call: (_, [reference]) => {
      const parsed = parseVaultReference(reference)
      return (
        parsed &&
        LuaTable.record([
          ['name', parsed.name],
          ['resource', parsed.resource],
          ['key', parsed.key],
          ['config', configOf(parsed)],
          ['version', parsed.version],
        ])
      )
    },
  },
  'kong.vault.get': {
    call: ({ node }, [reference]) => {
      const parsed = parseVaultReference(reference)
      return parsed && readSecret(node, parsed)
    },
  },
  'kong.vault.update': { call: ({ node }, [options]) => updateSecrets(node, options) },
  'kong.vault.flush': { call: () => undefined },
  'kong.vault.init_worker': { call: () => undefined },
  'kong.vault.warmup': {
    call: (_, [options]) =>
      options instanceof LuaTable ? undefined : raise(`bad argument #1 to 'pairs' (table expected, got ${luaType(options)})`),
  },
  'kong.vault.try': { call: () => raise('attempt to call a nil value') },
}

/** The number of arguments that Kong reads from the query of a reference. */
const MAX_CONFIG_ARGS = 100

/** The configuration of the vault in a reference. */
function configOf({ query }: VaultReference): LuaTable | undefined {
  return query === '' ? undefined : decodeArgs(query, MAX_CONFIG_ARGS)
}

/** The prefixes that the `env` vault accepts. */
const PREFIX = /^[A-Za-z_-][A-Za-z0-9_-]*$/
const PREVIOUS_VERSION = 2

/** Reads a secret of the `env` vault, or of a vault entity of that kind. undefined for other vaults, which the simulator does not have. */
function readSecret(node: KongNode, reference: VaultReference): LuaValue {
  const entity = reference.name === 'env' ? undefined : node.vaults.get(reference.name)
  const kind = entity ? entity.get('name') : reference.name
  if (kind !== 'env') return undefined
  const ownConfig = entity?.get('config')
  const prefix = configOf(reference)?.get('prefix') ?? (ownConfig instanceof LuaTable ? ownConfig.get('prefix') : undefined)
  const name = `${typeof prefix === 'string' && PREFIX.test(prefix) ? prefix : ''}${reference.resource}`
    .replaceAll('-', '_')
    .replace(/[a-z]+/g, (lower) => lower.toUpperCase())
  const secret = node.env.get(reference.version === PREVIOUS_VERSION ? `${name}_PREVIOUS` : name)
  if (secret === undefined || reference.key === undefined) return secret
  const document = decodeJson(secret)?.value
  const member = document instanceof LuaTable ? document.get(reference.key) : undefined
  return typeof member === 'string' ? member : undefined
}

/** Reads the members that `$refs` names again, also in inner tables. Returns the same table. */
function updateSecrets(node: KongNode, options: LuaValue): LuaValue {
  if (!(options instanceof LuaTable)) return options
  for (const [key, member] of options) if (key !== '$refs') updateSecrets(node, member)
  const references = options.get('$refs')
  if (!(references instanceof LuaTable)) return options
  for (const [name, reference] of references) {
    const inner = options.get(name)
    if (typeof reference === 'string') updateMember(node, options, name, reference)
    else if (reference instanceof LuaTable && inner instanceof LuaTable)
      for (const [key, each] of reference) updateMember(node, inner, key, each)
  }
  return options
}

function updateMember(node: KongNode, table: LuaTable, key: LuaKey, reference: LuaValue): void {
  const parsed = parseVaultReference(reference)
  table.set(key, (parsed && readSecret(node, parsed)) ?? '')
}

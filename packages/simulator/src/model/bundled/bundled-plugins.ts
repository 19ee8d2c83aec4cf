import type { LuaTable } from '@kong-ts/schema/lua'
import type { TransactionPhase } from '../transaction/kong-transaction.js'
import type { TransactionState } from '../transaction/transaction-state.js'
import { basicAuth } from './basic-auth.js'
import { keyAuth } from './key-auth.js'
import { requestTermination } from './request-termination.js'
import { requestTransformer } from './request-transformer.js'
import { responseTransformer } from './response-transformer.js'

/** A plugin that comes with Kong, as far as it is simulated. */
export interface BundledPlugin {
  readonly name: string
  readonly priority: number
  readonly handlers: { readonly [Phase in TransactionPhase]?: (state: TransactionState, config: LuaTable) => void }
}

/** Plugins that come with Kong and stand between clients and other plugins often enough to be simulated, by name. */
export const BUNDLED_PLUGINS: ReadonlyMap<string, BundledPlugin> = new Map(
  [
    { name: 'key-auth', priority: 1250, handlers: { access: keyAuth } },
    { name: 'basic-auth', priority: 1100, handlers: { access: basicAuth } },
    { name: 'request-transformer', priority: 801, handlers: { access: requestTransformer } },
    { name: 'response-transformer', priority: 800, handlers: { access: responseTransformer } },
    { name: 'request-termination', priority: 2, handlers: { access: requestTermination } },
  ].map((plugin) => [plugin.name, plugin]),
)

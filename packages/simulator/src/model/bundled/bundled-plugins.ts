import type { LuaTable } from '@kong-ts/schema/lua'
import type { TransactionPhase, TransactionState } from '../state/transaction-state.js'
import { basicAuth } from './basic-auth.js'
import { keyAuth } from './key-auth.js'
import { requestTermination } from './request-termination.js'
import { requestTransformer } from './request-transformer.js'
import { responseTransformer } from './response-transformer.js'

/** A simulated plugin of Kong's own distribution. */
export interface BundledPlugin {
  readonly name: string
  readonly priority: number
  readonly handlers: { readonly [Phase in TransactionPhase]?: (state: TransactionState, config: LuaTable) => void }
}

/** The simulated plugins of Kong's own distribution, by name. */
export const BUNDLED_PLUGINS: ReadonlyMap<string, BundledPlugin> = new Map(
  [
    { name: 'key-auth', priority: 1250, handlers: { access: keyAuth } },
    { name: 'basic-auth', priority: 1100, handlers: { access: basicAuth } },
    { name: 'request-transformer', priority: 801, handlers: { access: requestTransformer } },
    { name: 'response-transformer', priority: 800, handlers: { access: responseTransformer } },
    { name: 'request-termination', priority: 2, handlers: { access: requestTermination } },
  ].map((plugin) => [plugin.name, plugin]),
)

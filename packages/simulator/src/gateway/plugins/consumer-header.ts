import { LuaTable } from '@kong-ts/schema/lua'
import { type CallingPlugin, type KongEntity, type KongTransaction } from '../../model/index.js'
import type { RunnablePlugin } from './plugin-iterator.js'

const NAME = 'kong-ts-consumer-header'

/**
 * Replaces an authentication plugin in tests: a request header names the consumer by username, custom_id or id. Runs before every other
 * plugin and hides the header from the service. Answers 401 for a name that no consumer has. Requests without the header pass.
 */
export function createConsumerHeader(header: string, consumers: readonly KongEntity[]): RunnablePlugin {
  const plugin = { id: NAME, name: NAME, scope: {}, config: {}, entry: {}, path: 'consumerHeader' }
  return {
    plugin,
    priority: Number.MAX_SAFE_INTEGER,
    phases: new Set(['access']),
    run: async (_phase, _worker, { transaction }) => {
      chooseConsumer(transaction, { name: NAME, id: NAME }, header, consumers)
      return 'done'
    },
  }
}

function chooseConsumer(transaction: KongTransaction, caller: CallingPlugin, header: string, consumers: readonly KongEntity[]): void {
  const got = transaction.pdkCall(caller, 'kong.request.get_header', [header])
  const wanted = got.outcome === 'answered' ? got.value : undefined
  if (typeof wanted !== 'string') return
  const consumer = consumers.find((each) => ['username', 'custom_id', 'id'].some((key) => each.get(key) === wanted))
  if (consumer === undefined) {
    const message = LuaTable.record([['message', `no consumer is called ${wanted}`]])
    transaction.pdkCall(caller, 'kong.response.exit', [401, message])
    return
  }
  transaction.pdkCall(caller, 'kong.client.authenticate', [consumer, undefined])
  transaction.pdkCall(caller, 'kong.service.request.clear_header', [header])
}

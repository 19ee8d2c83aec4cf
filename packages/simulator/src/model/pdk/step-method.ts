import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'

const BY_METHOD: ReadonlyMap<string, string> = new Map([
  ['kong.client.get_credential', 'plugin.StepCredential'],
  ['kong.client.authenticate', 'plugin.StepCredential'],
  ['kong.client.load_consumer', 'plugin.StepConsumer'],
  ['kong.client.get_consumer', 'plugin.StepConsumer'],
  ['kong.node.get_memory_stats', 'plugin.StepMemoryStats'],
  ['kong.router.get_route', 'plugin.StepRoute'],
  ['kong.router.get_service', 'plugin.StepService'],
  ['kong.request.get_query', 'plugin.StepMultiMap'],
  ['kong.request.get_headers', 'plugin.StepMultiMap'],
  ['kong.response.get_headers', 'plugin.StepMultiMap'],
  ['kong.service.response.get_headers', 'plugin.StepMultiMap'],
])

/** The RPC method of a Step. A `_method` member of the result wins, whatever it is: that is how a request can rename a Step. */
export function stepMethod(method: string, result: LuaValue): LuaValue {
  const injected = result instanceof LuaTable ? result.get('_method') : undefined
  return injected === undefined || injected === false ? (BY_METHOD.get(method) ?? 'plugin.Step') : injected
}

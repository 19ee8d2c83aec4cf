import { LuaTable } from '@kong-ts/schema/lua'
import type { TransactionState } from '../state/transaction-state.js'
import { applyEdit } from './log-record.js'

/** How a plugin or an error ended a session. */
export interface SessionExit {
  readonly status: number
  /** Sent to the client when the status is below 400. */
  readonly body: string | undefined
}

/**
 * Builds the record of `kong.log.serialize` for a connection without HTTP. The model does not see the bytes that the driver carries, so
 * only an exit's body is counted.
 */
export function buildSessionRecord(state: TransactionState, exit: SessionExit | undefined): LuaTable {
  const { client, node } = state
  const elapsed = Math.max(0, Math.round(node.now() - state.startedAt))
  const sent = exit && exit.status < 400 ? (exit.body?.length ?? 0) : 0
  const record = LuaTable.record([
    [
      'session',
      LuaTable.record([
        [
          'tls',
          client.tls &&
            LuaTable.record([
              ['version', client.tls.version],
              ['cipher', client.tls.cipher],
              ['client_verify', 'NONE'],
            ]),
        ],
        ['received', 0],
        ['sent', sent],
        ['status', exit?.status ?? 200],
        ['server_port', client.local.port],
      ]),
    ],
    [
      'upstream',
      LuaTable.record([
        ['received', 0],
        ['sent', 0],
      ]),
    ],
    [
      'latencies',
      LuaTable.record([
        ['kong', elapsed],
        ['session', elapsed],
      ]),
    ],
    ['tries', new LuaTable('array')],
    ['route', state.ctx.get('route')],
    ['service', state.ctx.get('service')],
    ['client_ip', client.peer.ip],
    ['started_at', state.startedAt],
    ['workspace', state.ctx.get('workspace')],
    ['workspace_name', 'default'],
  ])
  for (const edit of state.serializeEdits) applyEdit(record, edit)
  return record
}

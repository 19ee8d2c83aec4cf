import { VALUE } from './pdk-messages.js'
import { message, oneOf, single } from './proto-message.js'

const START_INSTANCE = message('CmdStartInstance', () => [single('name', 1, 'string'), single('config', 2, 'bytes')])
const CLOSE_INSTANCE = message('CmdCloseInstance', () => [single('instance_id', 1, 'int32')])
const HANDLE_EVENT = message('CmdHandleEvent', () => [single('instance_id', 1, 'int32'), single('event_name', 2, 'string')])

/** What Kong sends to begin a call. */
export const RPC_CALL = message('RpcCall', () => [
  single('sequence', 1, 'int64'),
  oneOf('cmd_start_instance', 33, START_INSTANCE),
  oneOf('cmd_close_instance', 35, CLOSE_INSTANCE),
  oneOf('cmd_handle_event', 36, HANDLE_EVENT),
])

const INSTANCE_STATUS = message('InstanceStatus', () => [
  single('name', 1, 'string'),
  single('instance_id', 2, 'int32'),
  single('config', 3, VALUE),
  single('started_at', 4, 'int64'),
])

/** What ends a call. */
export const RPC_RETURN = message('RpcReturn', () => [single('sequence', 1, 'int64'), oneOf('instance_status', 33, INSTANCE_STATUS)])

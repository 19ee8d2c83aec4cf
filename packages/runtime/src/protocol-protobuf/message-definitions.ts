// Generated from plugin-server.proto by scripts/generate-message-definitions.mjs: change the source and run the script.
import type { Int64 } from './field-reader.js'

/** One field of a message. */
export interface FieldRow {
  readonly name: string
  readonly number: number
  readonly kind: 'int32' | 'int64' | 'double' | 'bool' | 'string' | 'bytes' | 'message'
  /** The message in a field of kind message. */
  readonly message?: MessageName
  /**
   * Whether the field can be absent. An implicit one is its zero value when it was not sent, repeated ones are absent when there is none, and of
   * those of a oneof one is present at most.
   */
  readonly presence: 'implicit' | 'optional' | 'repeated' | 'oneof'
}

export interface CommandMessage {
  readonly sequence: Int64
  readonly start_instance?: StartInstanceMessage
  readonly close_instance?: InstanceNumberMessage
  readonly handle_event?: HandleEventMessage
}

export interface StartInstanceMessage {
  readonly name: string
  readonly config: Uint8Array
}

export interface InstanceNumberMessage {
  readonly instance_id: number
}

export interface HandleEventMessage {
  readonly instance_id: number
  readonly event_name: string
}

export interface DoneMessage {
  readonly sequence: Int64
  readonly instance?: InstanceStateMessage
}

export interface InstanceStateMessage {
  readonly name: string
  readonly instance_id: number
  readonly config?: ValueMessage
  readonly started_at: Int64
}

export interface ValueMessage {
  readonly nil?: number
  readonly number?: number
  readonly text?: string
  readonly flag?: boolean
  readonly table?: TableMessage
  readonly list?: ListMessage
}

export interface TableMessage {
  readonly members?: readonly MemberMessage[]
}

export interface MemberMessage {
  readonly key: string
  readonly value?: ValueMessage
}

export interface ListMessage {
  readonly items?: readonly ValueMessage[]
}

export type NothingMessage = Readonly<Record<never, never>>

export interface FlagMessage {
  readonly v?: boolean
}

export interface WholeMessage {
  readonly v?: number
}

export interface RealMessage {
  readonly v?: number
}

export interface TextMessage {
  readonly v?: string
}

export interface BytesMessage {
  readonly v?: Uint8Array
}

export interface PairMessage {
  readonly k?: string
  readonly v?: ValueMessage
}

export interface ExitMessage {
  readonly status?: number
  readonly body?: Uint8Array
  readonly headers?: TableMessage
}

export interface RequestBodyMessage {
  readonly content?: Uint8Array
  readonly file?: string
  readonly error?: string
}

export interface CapturesMessage {
  readonly unnamed?: readonly string[]
  readonly named?: readonly NamedCaptureMessage[]
}

export interface NamedCaptureMessage {
  readonly key: string
  readonly value: string
}

export interface ReferenceMessage {
  readonly id?: string
}

export interface RouteMessage {
  readonly id?: string
  readonly created_at?: Int64
  readonly updated_at?: Int64
  readonly name?: string
  readonly protocols?: readonly string[]
  readonly methods?: readonly string[]
  readonly hosts?: readonly string[]
  readonly paths?: readonly string[]
  readonly https_redirect_status_code?: number
  readonly regex_priority?: number
  readonly strip_path?: boolean
  readonly preserve_host?: boolean
  readonly snis?: readonly string[]
  readonly tags?: readonly string[]
  readonly service?: ReferenceMessage
}

export interface ServiceMessage {
  readonly id?: string
  readonly created_at?: Int64
  readonly updated_at?: Int64
  readonly name?: string
  readonly retries?: number
  readonly protocol?: string
  readonly host?: string
  readonly port?: number
  readonly path?: string
  readonly connect_timeout?: number
  readonly write_timeout?: number
  readonly read_timeout?: number
  readonly tags?: readonly string[]
  readonly client_certificate?: ReferenceMessage
}

export interface TargetMessage {
  readonly host?: string
  readonly port?: number
}

export interface ConsumerQuestionMessage {
  readonly id?: string
  readonly by_username?: boolean
}

export interface ConsumerMessage {
  readonly id?: string
  readonly created_at?: Int64
  readonly username?: string
  readonly custom_id?: string
  readonly tags?: readonly string[]
}

export interface CredentialMessage {
  readonly id?: string
  readonly consumer_id?: string
}

export interface AuthenticationMessage {
  readonly consumer?: ConsumerMessage
  readonly credential?: CredentialMessage
}

export interface MemoryMessage {
  readonly lua_shared_dicts?: DictionariesMessage
  readonly workers_lua_vms?: readonly WorkerMemoryMessage[]
}

export interface DictionariesMessage {
  readonly kong?: DictionaryMessage
  readonly kong_db_cache?: DictionaryMessage
}

export interface DictionaryMessage {
  readonly allocated_slabs?: Int64
  readonly capacity?: Int64
}

export interface WorkerMemoryMessage {
  readonly http_allocated_gc?: Int64
  readonly pid?: Int64
}

/** Every message by its name. */
export interface Messages {
  Command: CommandMessage
  StartInstance: StartInstanceMessage
  InstanceNumber: InstanceNumberMessage
  HandleEvent: HandleEventMessage
  Done: DoneMessage
  InstanceState: InstanceStateMessage
  Value: ValueMessage
  Table: TableMessage
  Member: MemberMessage
  List: ListMessage
  Nothing: NothingMessage
  Flag: FlagMessage
  Whole: WholeMessage
  Real: RealMessage
  Text: TextMessage
  Bytes: BytesMessage
  Pair: PairMessage
  Exit: ExitMessage
  RequestBody: RequestBodyMessage
  Captures: CapturesMessage
  NamedCapture: NamedCaptureMessage
  Reference: ReferenceMessage
  Route: RouteMessage
  Service: ServiceMessage
  Target: TargetMessage
  ConsumerQuestion: ConsumerQuestionMessage
  Consumer: ConsumerMessage
  Credential: CredentialMessage
  Authentication: AuthenticationMessage
  Memory: MemoryMessage
  Dictionaries: DictionariesMessage
  Dictionary: DictionaryMessage
  WorkerMemory: WorkerMemoryMessage
}

export type MessageName = keyof Messages

/** The fields of every message, by their numbers. */
export const MESSAGE_FIELDS: Readonly<Record<MessageName, readonly FieldRow[]>> = {
  Command: [
    { name: 'sequence', number: 1, kind: 'int64', presence: 'implicit' },
    { name: 'start_instance', number: 33, kind: 'message', message: 'StartInstance', presence: 'oneof' },
    { name: 'close_instance', number: 35, kind: 'message', message: 'InstanceNumber', presence: 'oneof' },
    { name: 'handle_event', number: 36, kind: 'message', message: 'HandleEvent', presence: 'oneof' },
  ],
  StartInstance: [
    { name: 'name', number: 1, kind: 'string', presence: 'implicit' },
    { name: 'config', number: 2, kind: 'bytes', presence: 'implicit' },
  ],
  InstanceNumber: [{ name: 'instance_id', number: 1, kind: 'int32', presence: 'implicit' }],
  HandleEvent: [
    { name: 'instance_id', number: 1, kind: 'int32', presence: 'implicit' },
    { name: 'event_name', number: 2, kind: 'string', presence: 'implicit' },
  ],
  Done: [
    { name: 'sequence', number: 1, kind: 'int64', presence: 'implicit' },
    { name: 'instance', number: 33, kind: 'message', message: 'InstanceState', presence: 'optional' },
  ],
  InstanceState: [
    { name: 'name', number: 1, kind: 'string', presence: 'implicit' },
    { name: 'instance_id', number: 2, kind: 'int32', presence: 'implicit' },
    { name: 'config', number: 3, kind: 'message', message: 'Value', presence: 'optional' },
    { name: 'started_at', number: 4, kind: 'int64', presence: 'implicit' },
  ],
  Value: [
    { name: 'nil', number: 1, kind: 'int32', presence: 'oneof' },
    { name: 'number', number: 2, kind: 'double', presence: 'oneof' },
    { name: 'text', number: 3, kind: 'string', presence: 'oneof' },
    { name: 'flag', number: 4, kind: 'bool', presence: 'oneof' },
    { name: 'table', number: 5, kind: 'message', message: 'Table', presence: 'oneof' },
    { name: 'list', number: 6, kind: 'message', message: 'List', presence: 'oneof' },
  ],
  Table: [{ name: 'members', number: 1, kind: 'message', message: 'Member', presence: 'repeated' }],
  Member: [
    { name: 'key', number: 1, kind: 'string', presence: 'implicit' },
    { name: 'value', number: 2, kind: 'message', message: 'Value', presence: 'optional' },
  ],
  List: [{ name: 'items', number: 1, kind: 'message', message: 'Value', presence: 'repeated' }],
  Nothing: [],
  Flag: [{ name: 'v', number: 1, kind: 'bool', presence: 'optional' }],
  Whole: [{ name: 'v', number: 1, kind: 'int32', presence: 'optional' }],
  Real: [{ name: 'v', number: 1, kind: 'double', presence: 'optional' }],
  Text: [{ name: 'v', number: 1, kind: 'string', presence: 'optional' }],
  Bytes: [{ name: 'v', number: 1, kind: 'bytes', presence: 'optional' }],
  Pair: [
    { name: 'k', number: 1, kind: 'string', presence: 'optional' },
    { name: 'v', number: 2, kind: 'message', message: 'Value', presence: 'optional' },
  ],
  Exit: [
    { name: 'status', number: 1, kind: 'int32', presence: 'optional' },
    { name: 'body', number: 2, kind: 'bytes', presence: 'optional' },
    { name: 'headers', number: 3, kind: 'message', message: 'Table', presence: 'optional' },
  ],
  RequestBody: [
    { name: 'content', number: 1, kind: 'bytes', presence: 'oneof' },
    { name: 'file', number: 2, kind: 'string', presence: 'oneof' },
    { name: 'error', number: 3, kind: 'string', presence: 'oneof' },
  ],
  Captures: [
    { name: 'unnamed', number: 1, kind: 'string', presence: 'repeated' },
    { name: 'named', number: 2, kind: 'message', message: 'NamedCapture', presence: 'repeated' },
  ],
  NamedCapture: [
    { name: 'key', number: 1, kind: 'string', presence: 'implicit' },
    { name: 'value', number: 2, kind: 'string', presence: 'implicit' },
  ],
  Reference: [{ name: 'id', number: 1, kind: 'string', presence: 'optional' }],
  Route: [
    { name: 'id', number: 1, kind: 'string', presence: 'optional' },
    { name: 'created_at', number: 2, kind: 'int64', presence: 'optional' },
    { name: 'updated_at', number: 3, kind: 'int64', presence: 'optional' },
    { name: 'name', number: 4, kind: 'string', presence: 'optional' },
    { name: 'protocols', number: 5, kind: 'string', presence: 'repeated' },
    { name: 'methods', number: 6, kind: 'string', presence: 'repeated' },
    { name: 'hosts', number: 7, kind: 'string', presence: 'repeated' },
    { name: 'paths', number: 8, kind: 'string', presence: 'repeated' },
    { name: 'https_redirect_status_code', number: 10, kind: 'int32', presence: 'optional' },
    { name: 'regex_priority', number: 11, kind: 'int32', presence: 'optional' },
    { name: 'strip_path', number: 12, kind: 'bool', presence: 'optional' },
    { name: 'preserve_host', number: 13, kind: 'bool', presence: 'optional' },
    { name: 'snis', number: 14, kind: 'string', presence: 'repeated' },
    { name: 'tags', number: 17, kind: 'string', presence: 'repeated' },
    { name: 'service', number: 18, kind: 'message', message: 'Reference', presence: 'optional' },
  ],
  Service: [
    { name: 'id', number: 1, kind: 'string', presence: 'optional' },
    { name: 'created_at', number: 2, kind: 'int64', presence: 'optional' },
    { name: 'updated_at', number: 3, kind: 'int64', presence: 'optional' },
    { name: 'name', number: 4, kind: 'string', presence: 'optional' },
    { name: 'retries', number: 5, kind: 'int32', presence: 'optional' },
    { name: 'protocol', number: 6, kind: 'string', presence: 'optional' },
    { name: 'host', number: 7, kind: 'string', presence: 'optional' },
    { name: 'port', number: 8, kind: 'int32', presence: 'optional' },
    { name: 'path', number: 9, kind: 'string', presence: 'optional' },
    { name: 'connect_timeout', number: 10, kind: 'int32', presence: 'optional' },
    { name: 'write_timeout', number: 11, kind: 'int32', presence: 'optional' },
    { name: 'read_timeout', number: 12, kind: 'int32', presence: 'optional' },
    { name: 'tags', number: 13, kind: 'string', presence: 'repeated' },
    { name: 'client_certificate', number: 14, kind: 'message', message: 'Reference', presence: 'optional' },
  ],
  Target: [
    { name: 'host', number: 1, kind: 'string', presence: 'optional' },
    { name: 'port', number: 2, kind: 'int32', presence: 'optional' },
  ],
  ConsumerQuestion: [
    { name: 'id', number: 1, kind: 'string', presence: 'optional' },
    { name: 'by_username', number: 2, kind: 'bool', presence: 'optional' },
  ],
  Consumer: [
    { name: 'id', number: 1, kind: 'string', presence: 'optional' },
    { name: 'created_at', number: 2, kind: 'int64', presence: 'optional' },
    { name: 'username', number: 3, kind: 'string', presence: 'optional' },
    { name: 'custom_id', number: 4, kind: 'string', presence: 'optional' },
    { name: 'tags', number: 5, kind: 'string', presence: 'repeated' },
  ],
  Credential: [
    { name: 'id', number: 1, kind: 'string', presence: 'optional' },
    { name: 'consumer_id', number: 2, kind: 'string', presence: 'optional' },
  ],
  Authentication: [
    { name: 'consumer', number: 1, kind: 'message', message: 'Consumer', presence: 'optional' },
    { name: 'credential', number: 2, kind: 'message', message: 'Credential', presence: 'optional' },
  ],
  Memory: [
    { name: 'lua_shared_dicts', number: 1, kind: 'message', message: 'Dictionaries', presence: 'optional' },
    { name: 'workers_lua_vms', number: 2, kind: 'message', message: 'WorkerMemory', presence: 'repeated' },
  ],
  Dictionaries: [
    { name: 'kong', number: 1, kind: 'message', message: 'Dictionary', presence: 'optional' },
    { name: 'kong_db_cache', number: 2, kind: 'message', message: 'Dictionary', presence: 'optional' },
  ],
  Dictionary: [
    { name: 'allocated_slabs', number: 1, kind: 'int64', presence: 'optional' },
    { name: 'capacity', number: 2, kind: 'int64', presence: 'optional' },
  ],
  WorkerMemory: [
    { name: 'http_allocated_gc', number: 1, kind: 'int64', presence: 'optional' },
    { name: 'pid', number: 2, kind: 'int64', presence: 'optional' },
  ],
}

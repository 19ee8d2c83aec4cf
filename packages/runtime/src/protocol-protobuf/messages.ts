/** A whole number of 64 bits, as the library gives it; to be sent, it may be a plain number. */
export type Long = number | { toNumber(): number }

/** A Lua value: one member at most. None, or `nil` with any number, is nil. */
export interface ValueMessage {
  /** Which member it is; absent in a value that is to be sent. */
  readonly kind?: 'nil' | 'number' | 'text' | 'flag' | 'table' | 'list'
  readonly nil?: number | null
  readonly number?: number | null
  readonly text?: string | null
  readonly flag?: boolean | null
  readonly table?: TableMessage | null
  readonly list?: ListMessage | null
}
export interface MemberMessage {
  readonly key: string
  readonly value?: ValueMessage | null
}
export interface TableMessage {
  readonly members: readonly MemberMessage[]
}
export interface ListMessage {
  readonly items: readonly ValueMessage[]
}

export interface ReferenceMessage {
  readonly id?: string | null
}

export interface RouteMessage extends ReferenceMessage {
  readonly created_at?: Long | null
  readonly updated_at?: Long | null
  readonly name?: string | null
  readonly protocols: readonly string[]
  readonly methods: readonly string[]
  readonly hosts: readonly string[]
  readonly paths: readonly string[]
  readonly https_redirect_status_code?: number | null
  readonly regex_priority?: number | null
  readonly strip_path?: boolean | null
  readonly preserve_host?: boolean | null
  readonly snis: readonly string[]
  readonly tags: readonly string[]
  readonly service?: ReferenceMessage | null
}

export interface ServiceMessage extends ReferenceMessage {
  readonly created_at?: Long | null
  readonly updated_at?: Long | null
  readonly name?: string | null
  readonly retries?: number | null
  readonly protocol?: string | null
  readonly host?: string | null
  readonly port?: number | null
  readonly path?: string | null
  readonly connect_timeout?: number | null
  readonly write_timeout?: number | null
  readonly read_timeout?: number | null
  readonly tags: readonly string[]
  readonly client_certificate?: ReferenceMessage | null
}

export interface ConsumerMessage extends ReferenceMessage {
  readonly created_at?: Long | null
  readonly username?: string | null
  readonly custom_id?: string | null
  readonly tags: readonly string[]
}

export interface CredentialMessage extends ReferenceMessage {
  readonly consumer_id?: string | null
}

interface DictionaryMessage {
  readonly allocated_slabs?: Long | null
  readonly capacity?: Long | null
}

/** A command of Kong's: one of the three, or one that Kong never sends. */
export interface CommandMessage {
  readonly sequence: Long
  readonly start_instance?: null | { readonly name: string; readonly config: Uint8Array }
  readonly close_instance?: null | { readonly instance_id: number }
  readonly handle_event?: null | { readonly instance_id: number; readonly event_name: string }
}

/** Every message by its name in `MESSAGE_DEFINITIONS`. A member that is absent or null was not sent. */
export interface Messages {
  Command: CommandMessage
  Done: {
    readonly sequence: Long
    readonly instance?: null | { readonly name: string; readonly instance_id: number; readonly started_at?: Long | null }
  }
  Value: ValueMessage
  Table: TableMessage
  List: ListMessage
  Nothing: Readonly<Record<never, never>>
  Flag: { readonly v?: boolean | null }
  Whole: { readonly v?: number | null }
  Real: { readonly v?: number | null }
  Text: { readonly v?: string | null }
  Bytes: { readonly v?: Uint8Array | null }
  Pair: { readonly k?: string | null; readonly v?: ValueMessage | null }
  Exit: { readonly status?: number | null; readonly body?: Uint8Array | null; readonly headers?: TableMessage | null }
  RequestBody: {
    readonly kind?: 'content' | 'file' | 'error'
    readonly content?: Uint8Array | null
    readonly file?: string | null
    readonly error?: string | null
  }
  Captures: { readonly unnamed: readonly string[]; readonly named: readonly { readonly key: string; readonly value: string }[] }
  Route: RouteMessage
  Service: ServiceMessage
  Target: { readonly host?: string | null; readonly port?: number | null }
  ConsumerQuestion: { readonly id?: string | null; readonly by_username?: boolean | null }
  Consumer: ConsumerMessage
  Credential: CredentialMessage
  Authentication: { readonly consumer?: ConsumerMessage | null; readonly credential?: CredentialMessage | null }
  Memory: {
    readonly lua_shared_dicts?: null | { readonly kong?: DictionaryMessage | null; readonly kong_db_cache?: DictionaryMessage | null }
    readonly workers_lua_vms: readonly { readonly http_allocated_gc?: Long | null; readonly pid?: Long | null }[]
  }
}

export type MessageName = keyof Messages

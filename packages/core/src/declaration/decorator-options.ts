import type { JsonValue } from '@kong-ts/schema'
import type { EntityCheck } from './entity-check.js'
import type { Constructor } from './constructor.js'
import type {
  BooleanElement,
  NoParts,
  NumberElement,
  OfLength,
  PlainNotes,
  Rules,
  TextElement,
  ValueNotes,
  ValueRules,
} from './value-options.js'

/** Protocols that a plugin can be restricted to, as Kong names them. */
export type KongProtocol = 'grpc' | 'grpcs' | 'http' | 'https' | 'tcp' | 'tls' | 'tls_passthrough' | 'udp' | 'ws' | 'wss'

/** Options of `@Plugin`. */
export interface PluginOptions {
  /** The plugin's name in Kong. Default: the class name in kebab-case. */
  readonly name?: string
  /** Protocols the plugin may be configured for. Default: all protocols of the subsystems that its phases belong to. */
  readonly protocols?: readonly KongProtocol[]
  /** Kong refuses to configure the plugin for a consumer. */
  readonly noConsumer?: boolean
  /** Kong refuses to configure the plugin on a route. */
  readonly noRoute?: boolean
  /** Kong refuses to configure the plugin on a service. */
  readonly noService?: boolean
  /** Checks over several fields of `config`, with Kong's field names: `{ atLeastOneOf: ['max_calls', 'redis.host'] }`. */
  readonly entityChecks?: readonly EntityCheck[]
  /** Checks over the whole plugin entity: `{ mutuallyRequired: ['consumer', 'config.max_calls'] }`. */
  readonly pluginEntityChecks?: readonly EntityCheck[]
  /**
   * The oldest Kong that the plugin is for, such as `3.4`. Newer schema attributes are left out of the dump, because that Kong would refuse
   * to start with them. Default: nothing is left out.
   */
  readonly kongVersion?: string
}

/** Options of a phase decorator. */
export interface PhaseOptions {
  /**
   * Lets the request continue when the handler throws, rejects or takes too long. Default `false`: the client gets 500, or 504 after the
   * timeout, so that a plugin that protects something is not switched off by its own failure.
   */
  readonly failOpen?: boolean
  /**
   * Milliseconds that the handler may take. Default 30 000; 0 for no limit (Kong itself gives up after 60 s without a message). A handler
   * that blocks the event loop is not interrupted: give such work to a worker thread.
   */
  readonly timeout?: number
}

/** Milliseconds. Shorter than Kong's own 60 s, after which Kong would let the request pass. */
export const DEFAULT_PHASE_TIMEOUT = 30_000

/** Kong's names of the types. */
export type FieldTypeName = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'set' | 'map' | 'record' | 'foreign' | 'json'

/** A type in `@Field`: Kong's name, `String`, `Number`, `Boolean`, `Array`, `Set`, `Map`, or a class with `@Field`s for a record. */
export type FieldTypeOption = FieldTypeName | Constructor | StringConstructor | NumberConstructor | BooleanConstructor

/** Entities of Kong that a foreign field can refer to. */
export type KongEntity =
  | 'services'
  | 'routes'
  | 'consumers'
  | 'plugins'
  | 'certificates'
  | 'ca_certificates'
  | 'snis'
  | 'upstreams'
  | 'targets'
  | 'vaults'
  | 'keys'
  | 'key_sets'
  | 'filter_chains'
  | 'workspaces'

/** The elements of an array or set, or the keys and values of a map: a type, or a type with rules of its own. */
export type ElementOption = Exclude<FieldTypeOption, 'json'> | ElementOptions

/** Lists in lists or maps. */
export type ListElement = {
  readonly type: 'array' | 'set' | ArrayConstructor | SetConstructor
  readonly elements: ElementOption
} & PlainNotes &
  Rules<OfLength | 'contains' | 'mutuallyExclusiveSubsets'> &
  Omit<NoParts, 'elements'>

/** Maps in lists or maps. */
export type MapElement = {
  readonly type: 'map' | MapConstructor
  readonly keys?: ElementOption
  readonly values: ElementOption
} & PlainNotes &
  Rules<OfLength> &
  Omit<NoParts, 'keys' | 'values'>

/** Records in lists or maps. */
export type RecordElement = { readonly type: Constructor; readonly entityChecks?: readonly EntityCheck[] } & PlainNotes &
  Rules<never> &
  Omit<NoParts, 'entityChecks'>

/** References to entities in lists or maps. Kong checks only references that stand directly in a record. */
export type ForeignElement = { readonly type: 'foreign'; readonly reference: KongEntity } & PlainNotes &
  Rules<never> &
  Omit<NoParts, 'reference'>

/** A type with rules, for elements, keys and values. */
export type ElementOptions = TextElement | NumberElement | BooleanElement | ListElement | MapElement | RecordElement | ForeignElement

/**
 * Options of `@Field`: Kong's schema attributes in camelCase. The type of a field decides which of them it may have; an option that
 * does not fit the type of the property does not compile.
 */
export interface FieldOptions extends ValueRules, ValueNotes {
  /** Name in Kong's configuration. Default: the property in snake_case. */
  readonly name?: string
  /** Type in Kong. Default: the type of the initialiser, else the type that the compiler recorded (`design:type`). */
  readonly type?: FieldTypeOption
  /**
   * Kong refuses a configuration without the field. Default: `true` unless there is an initialiser or `@IsOptional()`. The `?` of a
   * property does not exist at run time.
   */
  readonly required?: boolean
  /** Value that Kong fills in, in Kong's JSON form. Default: the property's initialiser. */
  readonly default?: JsonValue
  /** Arrays and sets: what they hold. */
  readonly elements?: ElementOption
  /** Maps: the type of the keys. Default `String`. */
  readonly keys?: ElementOption
  /** Maps: the type of the values. */
  readonly values?: ElementOption
  /** Records: checks over several fields, with Kong's field names. */
  readonly entityChecks?: readonly EntityCheck[]
  /** Foreign: the entity that the field refers to. The value is `{ id }`. Kong does not check that the entity exists. */
  readonly reference?: KongEntity
  /** Json (Kong 3.5+): the JSON schema (draft 4) of the value. */
  readonly jsonSchema?: { readonly inline: JsonValue }
}

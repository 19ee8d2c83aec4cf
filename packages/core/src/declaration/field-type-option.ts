import type { Constructor } from './constructor.js'

/** Kong's names of the types that can be said as text; `elements` and `values` may also be a constructor or a record class. */
export type FieldTypeName = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'set' | 'map' | 'record' | 'foreign' | 'json'

/** A type said in `@Field`: Kong's name, `String`, `Number`, `Boolean`, `Array`, `Set`, `Map`, or a class with `@Field`s for a record. */
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

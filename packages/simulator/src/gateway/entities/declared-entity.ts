import type { JsonRecord } from '../json-record.js'
import type { EntityKindName } from './entity-kinds.js'

/** One entity of a declarative config, complete with id, references as `{ id }`, defaults and time stamps. */
export interface DeclaredEntity {
  readonly kind: EntityKindName
  readonly id: string
  /** Where it stands, `services[0].routes[1]`. */
  readonly path: string
  readonly fields: JsonRecord
}

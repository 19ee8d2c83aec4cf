import type { JsonValue } from '@kong-ts/schema'
import type { ElementOption } from './element-options.js'
import type { EntityCheck } from './entity-check.js'
import type { FieldNotes } from './field-notes.js'
import type { FieldTypeOption, KongEntity } from './field-type-option.js'
import type { ValueRules } from './value-rules.js'

/**
 * What `@Field` can say: Kong's schema attributes in camelCase. Which of them a field may have depends on its type, and a
 * decorator with an attribute that does not fit the property's type does not compile.
 */
export interface FieldOptions extends ValueRules, FieldNotes {
  /** Name in Kong's configuration. Default: the property in snake_case. */
  readonly name?: string
  /** Default: what the initialiser shows, else what the compiler noted (`design:type`). */
  readonly type?: FieldTypeOption
  /**
   * Kong refuses a configuration without the field. Default: `true` without initialiser and `@IsOptional()`. A `?` is invisible at run
   * time.
   */
  readonly required?: boolean
  /** What Kong fills in, in Kong's JSON form. Default: the property's initialiser. */
  readonly default?: JsonValue
  /** Arrays and sets: what they hold. */
  readonly elements?: ElementOption
  /** Maps: what the keys are. Default `String`. */
  readonly keys?: ElementOption
  /** Maps: what the values are. */
  readonly values?: ElementOption
  /** Records: checks over several fields, with Kong's field names. */
  readonly entityChecks?: readonly EntityCheck[]
  /** Foreign: the entity referred to. The value is `{ id }`; Kong does not check that it exists. */
  readonly reference?: KongEntity
  /** Json (Kong 3.5+): the JSON schema (draft 4) the value must meet. */
  readonly jsonSchema?: { readonly inline: JsonValue }
}

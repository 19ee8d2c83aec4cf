import type { Constructor } from './constructor.js'
import type { EntityCheck } from './entity-check.js'
import type { FieldTypeOption, KongEntity } from './field-type-option.js'
import type { BooleanElement, NoParts, NumberElement, OfLength, PlainNotes, Rules, TextElement } from './scalar-element.js'

/** What the elements of an array or set, or the keys and values of a map, are: a type, or a type with rules of its own. */
export type ElementOption = Exclude<FieldTypeOption, 'json'> | ElementOptions

type OfList = 'contains' | 'mutuallyExclusiveSubsets'

/** Lists in lists or maps. */
export type ListElement = {
  readonly type: 'array' | 'set' | ArrayConstructor | SetConstructor
  readonly elements: ElementOption
} & PlainNotes &
  Rules<OfLength | OfList> &
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

/** References to entities in lists or maps. Kong checks them only directly in a record. */
export type ForeignElement = { readonly type: 'foreign'; readonly reference: KongEntity } & PlainNotes &
  Rules<never> &
  Omit<NoParts, 'reference'>

/** A type with rules, for elements, keys and values. */
export type ElementOptions = TextElement | NumberElement | BooleanElement | ListElement | MapElement | RecordElement | ForeignElement

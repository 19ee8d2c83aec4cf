import type { FieldNotes } from './field-notes.js'
import type { ValueRules } from './value-rules.js'

type AnyValue = 'eq' | 'ne' | 'notOneOf'
type OfText = 'match' | 'notMatch' | 'matchAll' | 'matchAny' | 'matchNone' | 'startsWith' | 'isRegex' | 'uuid'
type OfNumber = 'between' | 'gt' | 'timestamp'

/** Rules about lengths. */
export type OfLength = 'lenEq' | 'lenMin' | 'lenMax'

/** The rules of one type; the others are forbidden by name, since a type parameter would let them pass. */
export type Rules<K extends keyof ValueRules> = Pick<ValueRules, K> & { readonly [N in Exclude<keyof ValueRules, K>]?: never }

/** Notes about a value that is no text: only text can be a reference to a secret. */
export type PlainNotes = Omit<FieldNotes, 'referenceable'> & { readonly referenceable?: never }

/** Options that say how a value is made of parts; each kind of element redeclares those it takes. */
export interface NoParts {
  readonly elements?: never
  readonly keys?: never
  readonly values?: never
  readonly entityChecks?: never
  readonly reference?: never
  readonly jsonSchema?: never
}

/** Text elements, keys or values with rules. */
export type TextElement = { readonly type: 'string' | StringConstructor } & FieldNotes &
  Rules<AnyValue | 'oneOf' | OfText | OfLength> &
  NoParts

/** Number elements, keys or values with rules. */
export type NumberElement = { readonly type: 'number' | 'integer' | NumberConstructor } & PlainNotes &
  Rules<AnyValue | 'oneOf' | OfNumber> &
  NoParts

/** True or false, with rules. */
export type BooleanElement = { readonly type: 'boolean' | BooleanConstructor } & PlainNotes & Rules<'eq' | 'ne'> & NoParts

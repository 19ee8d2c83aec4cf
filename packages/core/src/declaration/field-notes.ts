import type { JsonValue } from '@kong-ts/schema'

/** A field that will go away: what is told to people who use it. */
export interface Deprecation {
  readonly message: string
  /** Version of the plugin or of Kong in which the field goes, as people are told it. */
  readonly removalInVersion: string
  /** The default the field used to have: who sends exactly this is not warned. */
  readonly oldDefault?: JsonValue
  /** Kong 3.8+: what to use instead, each as the path of a field: `{ path: ['redis', 'host'] }`. */
  readonly replacedWith?: readonly { readonly path: readonly [string, ...string[]] }[]
}

/** What Kong can be told about a field, an element, a key or a value beside the rules for its value. */
export interface FieldNotes {
  /** `{vault://…}` is accepted and resolved before the plugin sees it. Never printed. */
  readonly referenceable?: boolean
  /** Stored encrypted (Kong Enterprise keyring). Never printed. */
  readonly encrypted?: boolean
  /** Replaces the text of Kong's validation errors of this field. */
  readonly err?: string
  /** For people, 10 to 500 bytes (Kong 3.4+). */
  readonly description?: string
  /** For people (Kong 3.6+). */
  readonly examples?: readonly JsonValue[]
  /** Kong 3.7+. */
  readonly deprecation?: Deprecation
  /** Accepted by Kong, without effect inside a configuration. */
  readonly unique?: boolean
  /** Kong 3.8+: taken from a configuration, but not kept. */
  readonly transient?: boolean
}

import type { KongField } from '../language/kong-schema.js'

/** Kong's text about a value in the words of kong-ts. It is printed behind the path of a field. */
export interface ProblemText {
  readonly text: string
  /** Whether the value that was found is printed behind the text. */
  readonly showsValue: boolean
}

type Translate = (found: readonly string[], field: KongField | undefined) => string

function about(pattern: RegExp, translate: Translate, showsValue = true): Row {
  return { pattern, translate, showsValue }
}

interface Row {
  readonly pattern: RegExp
  readonly translate: Translate
  readonly showsValue: boolean
}

/** Kong's texts may repeat the value. Ours never do, because the value may be a secret. */
const ROWS: readonly Row[] = [
  about(/^required field missing$/, () => 'is required', false),
  about(/^unknown field$/, () => 'is no field of this plugin', false),
  about(/^expected (an?) (array|set|map|record|string|number|boolean|integer|function)$/, ([, article, type]) =>
    type === 'record' ? 'must be an object' : `must be ${article} ${type}`,
  ),
  about(/^expected one of: (.*)$/s, ([, list]) => `must be one of ${list}`),
  about(/^must not be one of: (.*)$/s, ([, list]) => `must be none of ${list}`),
  about(/^value should be between/, (_, field) => rangeText(field)),
  about(/^value must be greater than (.*)$/s, ([, limit]) => `must be greater than ${limit}`),
  about(/^length must be at least 1$/, (_, field) => (field?.type === 'string' ? 'must not be empty' : 'must have length 1 or more')),
  about(/^length must be at least (.*)$/s, ([, length]) => `must have length ${length} or more`),
  about(/^length must be at most (.*)$/s, ([, length]) => `must have length ${length} or less`),
  about(/^length must be (.*)$/s, ([, length]) => `must have length ${length}`),
  about(/^value must be (.*)$/s, ([, wanted]) => `must be ${wanted}`),
  about(/^value must not be /, (_, field) => `must not be ${JSON.stringify(field?.['ne'] ?? null)}`),
  about(/^invalid value: /, (_, field) => patternText(field)),
  about(/^should start with: (.*)$/s, ([, start]) => `must start with ${JSON.stringify(start)}`),
  about(/^expected a valid UUID$/, () => 'must be a UUID'),
  about(/^expected a valid timestamp$/, () => 'must be a time: greater than 0'),
  about(/^not a valid regex: /, () => 'must be a regular expression'),
  about(/^expected to contain: (.*)$/s, ([, wanted]) => `must contain ${wanted}`),
  about(/^missing primary key$/, () => 'must be an object with the id of an entity'),
  about(/^at least one of these fields must be non-empty: (.*)$/s, ([, list]) => `needs at least one of ${list}`, false),
  about(/^exactly one of these fields must be non-empty: (.*)$/s, ([, list]) => `needs exactly one of ${list}`, false),
  about(/^values of these fields must be distinct: (.*)$/s, ([, list]) => `needs different values for ${list}`, false),
  about(/^all or none of these fields must be set: (.*)$/s, ([, list]) => `needs all or none of ${list}`, false),
  about(/^only one or none of these fields must be set: (.*)$/s, ([, list]) => `takes only one of ${list}`, false),
  about(/^failed conditional validation given value of field (.*)$/s, ([, name]) => `does not fit the value of ${name}`, false),
  about(/^field required for entity check$/, () => 'is required by a check over several fields', false),
]

/** Kong's text about elements that exclude each other. It repeats the elements. */
const EXCLUSIVE = /^these sets are mutually exclusive: (.*)$/s

/**
 * Translates one of Kong's texts.
 *
 * @param isEntityCheck whether the text is about several fields of a record.
 * @param secret whether the field holds a secret. Then a text of unknown origin is not printed, because it may repeat the secret.
 */
export function translateKongText(text: string, field: KongField | undefined, isEntityCheck: boolean, secret: boolean): ProblemText {
  const exclusive = EXCLUSIVE.exec(text)
  if (exclusive !== null)
    return {
      text: isEntityCheck
        ? `takes fields of one of these sets only: ${exclusive[1]}`
        : 'takes elements of one of its exclusive subsets only',
      showsValue: !isEntityCheck,
    }
  // A text by the author of the plugin goes to the user as it is.
  if (authorTexts(field).includes(text)) return { text, showsValue: true }
  for (const { pattern, translate, showsValue } of ROWS) {
    const found = pattern.exec(text)
    if (found !== null) return { text: translate(found, field), showsValue }
  }
  return secret ? { text: 'is refused', showsValue: true } : { text, showsValue: !isEntityCheck }
}

function rangeText(field: KongField | undefined): string {
  const limits = field?.['between']
  const [min, max] = Array.isArray(limits) ? limits : []
  if (max === Number.MAX_VALUE) return `must be ${String(min)} or more`
  return min === -Number.MAX_VALUE ? `must be ${String(max)} or less` : `must be between ${String(min)} and ${String(max)}`
}

function patternText(field: KongField | undefined): string {
  const [match, notMatch] = [field?.['match'], field?.['not_match']]
  if (typeof match === 'string' && notMatch === undefined) return `must match the Lua pattern ${match}`
  return match === undefined && typeof notMatch === 'string' ? `must not match the Lua pattern ${notMatch}` : 'must match its Lua patterns'
}

function authorTexts(field: KongField | undefined): readonly string[] {
  return [field, ...itemsOf(field?.['match_all']), ...itemsOf(field?.['match_none']), field?.['match_any']].flatMap((source) =>
    typeof source === 'object' && source !== null && 'err' in source && typeof source.err === 'string' ? [source.err] : [],
  )
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

import { createConfigCompleter, type ConfigOutcome } from '../complete-config/config-completer.js'
import type { KongField, KongSchema } from '../language/kong-schema.js'
import { fieldNamed, namedFields, partOf } from '../language/kong-schema.js'
import { translateKongText } from './kong-text.js'

/** One violation in a configuration. Positions in the path count from 0, as in YAML and JSON: `config.rules[2].action`. */
export interface ConfigProblem {
  readonly path: string
  readonly text: string
}

type KongProblem = Extract<ConfigOutcome, { readonly status: 'refused' }>['problems'][number]

/** How many entries of a map are checked one by one to name the wrong ones. */
const MOST_ENTRIES = 1000
/** How many violations are listed. Nobody reads more. */
const MOST_PROBLEMS = 100

/**
 * Describes Kong's refusal of a plugin entry for people: paths as in the file, plain words, and the value that was found unless it is a
 * secret.
 *
 * @param schema the plugin's schema.
 * @param plugin the refused entry: `{ config, … }`.
 * @param problems `problems` of the refusal that `completeConfig` returned.
 * @param kongVersion the version for which the entry was completed.
 */
export function describeProblems(
  schema: KongSchema,
  plugin: unknown,
  problems: readonly KongProblem[],
  kongVersion: string,
): readonly ConfigProblem[] {
  const entity: KongField = { type: 'record', fields: schema.fields }
  const described = problems.flatMap((problem) =>
    new ProblemPlace(kongVersion, entity, plugin, '').follow(stepsOf(problem.path), problem.text),
  )
  return [...new Map(described.map((problem) => [`${problem.path}: ${problem.text}`, problem])).values()].slice(0, MOST_PROBLEMS)
}

type Step = string | number

function stepsOf(path: string): readonly Step[] {
  return [...path.matchAll(/\[(\d+)\]|([^.[]+)/g)].map(([, index, name]) => (index === undefined ? (name ?? '') : Number(index)))
}

/** A place in a schema, and the value that a plugin entry has there. */
class ProblemPlace {
  readonly #kongVersion: string
  readonly #field: KongField | undefined
  readonly #value: unknown
  readonly #path: string
  readonly #secret: boolean

  constructor(kongVersion: string, field: KongField | undefined, value: unknown, path: string, secret = false) {
    this.#kongVersion = kongVersion
    this.#field = field
    this.#value = value
    this.#path = path
    this.#secret = secret || (field !== undefined && holdsSecret(field))
  }

  follow([step, ...rest]: readonly Step[], text: string): readonly ConfigProblem[] {
    if (step === '@entity') return [this.#problem(text, true)]
    if (this.#field?.type === 'map') return this.#entryProblems() ?? [this.#problem(text, false)]
    if (step === undefined) return [this.#problem(text, false)]
    return this.#inner(step).follow(rest, text)
  }

  #inner(step: Step): ProblemPlace {
    if (typeof step === 'number') {
      const list = Array.isArray(this.#value) ? this.#value : []
      // Kong counts from 1. In a set it counts only the first of equal elements.
      const distinct: readonly unknown[] = this.#field?.type === 'set' ? [...new Set(list)] : list
      const value = distinct[step - 1]
      return this.#place(this.#field && partOf(this.#field, 'elements'), value, `[${list.indexOf(value)}]`)
    }
    const value = isObject(this.#value) && Object.hasOwn(this.#value, step) ? this.#value[step] : undefined
    return this.#place(this.#field && fieldNamed(this.#field, step), value, this.#path === '' ? step : `.${step}`)
  }

  #place(field: KongField | undefined, value: unknown, suffix: string): ProblemPlace {
    // Only the field itself decides whether it is a secret: a record with one secret still shows its other fields.
    return new ProblemPlace(this.#kongVersion, field, value, this.#path + suffix, this.#field !== undefined && isSecret(this.#field))
  }

  /** Kong reports at most one wrong entry of a map, without its key. So each entry is completed alone. */
  #entryProblems(): readonly ConfigProblem[] | undefined {
    if (!isObject(this.#value) || this.#field === undefined) return undefined
    const map = { type: 'map', keys: this.#field['keys'], values: this.#field['values'] }
    const schema = { name: 'entry', fields: [{ config: { type: 'record', fields: [{ entry: map }] } }] }
    const complete = createConfigCompleter(schema, { kongVersion: this.#kongVersion })
    const problems = Object.entries(this.#value)
      .slice(0, MOST_ENTRIES)
      .flatMap(([key, value]) => {
        const outcome = complete({ config: { entry: Object.fromEntries([[key, value]]) } })
        return outcome.status === 'refused' ? this.#entryProblem(key, value, outcome.problems) : []
      })
    return problems.length === 0 ? undefined : problems
  }

  #entryProblem(key: string, value: unknown, problems: readonly KongProblem[]): readonly ConfigProblem[] {
    const keyField = this.#field && partOf(this.#field, 'keys')
    const place = this.#place(this.#field && partOf(this.#field, 'values'), value, `[${JSON.stringify(key)}]`)
    return problems.flatMap(({ path, text }) => {
      const steps = stepsOf(path).slice(2)
      const keyPlace = this.#place(keyField, key, ` key ${JSON.stringify(key)}`)
      return steps.length === 0 && !place.#explains(text) ? keyPlace.follow([], text) : place.follow(steps, text)
    })
  }

  /** Whether Kong's text is about the value. If it is not, it is about the key. */
  #explains(text: string): boolean {
    const schema = { name: 'entry', fields: [{ config: { type: 'record', fields: [{ value: this.#field }] } }] }
    const outcome = createConfigCompleter(schema, { kongVersion: this.#kongVersion })({ config: { value: this.#value } })
    return this.#value === null || (outcome.status === 'refused' && outcome.problems.some((problem) => problem.text === text))
  }

  #problem(kongText: string, isEntityCheck: boolean): ConfigProblem {
    const { text, showsValue } = translateKongText(kongText, this.#field, isEntityCheck, this.#secret)
    const found = showsValue && this.#value !== undefined ? ` (got ${describeValue(this.#value, this.#secret)})` : ''
    return { path: this.#path, text: `${text}${found}` }
  }
}

/** Whether values of the field must not be printed. */
function isSecret(field: KongField): boolean {
  return field['encrypted'] === true || field['referenceable'] === true
}

/** Whether the field or one inside it is a secret. A value is printed with everything in it. */
function holdsSecret(field: KongField): boolean {
  if (isSecret(field)) return true
  const parts = [partOf(field, 'elements'), partOf(field, 'keys'), partOf(field, 'values'), ...namedFields(field).map(([, inner]) => inner)]
  return parts.some((part) => part !== undefined && holdsSecret(part))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value in an error text: shortened JSON, or only its type when the field holds a secret. */
function describeValue(value: unknown, secret: boolean): string {
  if (secret) return `a secret ${Array.isArray(value) ? 'list' : typeof value}`
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

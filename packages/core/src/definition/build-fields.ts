import type { ElementOption, ElementOptions } from '../declaration/element-options.js'
import type { EntityCheck } from '../declaration/entity-check.js'
import type { FieldOptions } from '../declaration/field-options.js'
import type { FieldTypeOption } from '../declaration/field-type-option.js'
import type { ElementDefinition, FieldDefinition, FieldType, RecordDefinition } from './field-definition.js'
import { readTypeHint } from '../declaration/class-transformer-hints.js'
import { readClassValidatorRules, type ClassValidatorRule } from '../declaration/class-validator-rules.js'
import type { Constructor } from '../declaration/constructor.js'
import { readDesignType, readFields, type FieldArgs } from '../declaration/metadata-store.js'
import { toKongEntityCheck } from './entity-checks-in-kong.js'
import { toKongAttributes } from '../rules/field-attributes.js'
import { findRuleRow } from '../rules/rule-table.js'
import { applyRules } from './apply-rules.js'
import { toKongDefault } from './default-value.js'
import type { DefinitionProblems } from './definition-problems.js'
import { inferFieldType, type FieldTypeParts } from './infer-field-type.js'
import { toSnakeCase } from './naming.js'
import { isBlank, readInitialisers } from './read-initialisers.js'

/**
 * The fields of a plugin or record class, records inside records included.
 *
 * @param enclosing the classes this one is nested in: a class among its own enclosing ones is a circle, which a schema cannot have.
 */
export function buildRecordDefinition(
  target: Constructor,
  entityChecks: readonly EntityCheck[] | undefined,
  enclosing: readonly Constructor[],
  problems: DefinitionProblems,
): RecordDefinition {
  const args = readFields(target)
  const initials = args.length === 0 ? new Map<string, unknown>() : readInitialisers(target, problems)
  const rules = readClassValidatorRules(target)
  const fields = args
    .map((field) => new FieldBuilder(target, field, initials.get(field.property), [...enclosing, target], problems).build(rules))
    .filter((field) => field !== undefined)
  return { construct: target, fields, entityChecks: (entityChecks ?? []).map(toKongEntityCheck) }
}

class FieldBuilder implements FieldTypeParts {
  readonly #target: Constructor
  readonly #args: FieldArgs
  readonly #initial: unknown
  readonly #enclosing: readonly Constructor[]
  readonly #problems: DefinitionProblems
  readonly #lateRules = new Set<string>()

  constructor(target: Constructor, args: FieldArgs, initial: unknown, enclosing: readonly Constructor[], problems: DefinitionProblems) {
    this.#target = target
    this.#args = args
    this.#initial = isBlank(initial) ? undefined : initial
    this.#enclosing = enclosing
    this.#problems = problems
  }

  build(classRules: readonly ClassValidatorRule[]): FieldDefinition | undefined {
    const { property, options } = this.#args
    const rules = classRules.filter((rule) => rule.property === property)
    const own = rules.filter(({ each }) => !each)
    const ruled = ruledType(own)
    const type = inferFieldType(
      {
        options,
        initial: this.#initial,
        hint: readTypeHint(this.#target, property),
        design: readDesignType(this.#target.prototype, property),
        integer: ruled === 'integer',
        ruled: ruled ?? typeOfRules(options),
        elementRules: rules.filter(({ each }) => each),
        ruledElements: ruledType(rules.filter(({ each }) => each)),
      },
      this,
    )
    if (type === undefined) return undefined
    // Kong completes a required record from the defaults of its fields, which is what an initialised record means.
    const initialised = this.#initial !== undefined && type.kind !== 'record'
    const required = options.required ?? !(initialised || own.some(({ name }) => name === 'isOptional'))
    const fallback = options.default ?? toKongDefault(type, this.#initial, (reason, remedy) => this.problem(reason, remedy))
    // Whoever begins with "" takes it; Kong would not, unless it is told.
    const said = { ...(type.kind === 'string' && fallback === '' ? { len_min: 0 } : {}), ...toKongAttributes(options) }
    const attributes = this.#apply(own, type, required, said)
    return {
      property,
      name: options.name ?? toSnakeCase(property),
      type,
      attributes,
      required,
      default: fallback,
      lateRules: [...this.#lateRules],
    }
  }

  record(recordClass: Constructor, entityChecks: readonly EntityCheck[] | undefined): FieldType | undefined {
    if (this.#enclosing.includes(recordClass)) {
      const circle = [...this.#enclosing.slice(this.#enclosing.indexOf(recordClass)), recordClass].map(({ name }) => name).join(' → ')
      this.problem(
        `records go in a circle (${circle})`,
        "Kong's schema has no recursion: give the inner level a class of its own, or a json field",
      )
      return undefined
    }
    if (readFields(recordClass).length === 0) {
      this.problem(
        `${recordClass.name} has no @Field, so it is no record`,
        `decorate its properties with @Field(), or say another type: @Field({ type: 'string' })`,
      )
      return undefined
    }
    return { kind: 'record', record: buildRecordDefinition(recordClass, entityChecks, this.#enclosing, this.#problems) }
  }

  element(option: ElementOption, role: string, rules: readonly ClassValidatorRule[]): ElementDefinition | undefined {
    const options = isElementOptions(option) ? option : { type: option }
    const integer = ruledType(rules) === 'integer'
    const clues = {
      options,
      initial: undefined,
      hint: undefined,
      design: undefined,
      integer,
      ruled: undefined,
      elementRules: [],
      ruledElements: undefined,
    }
    const type = inferFieldType(clues, {
      record: (recordClass, entityChecks) => this.record(recordClass, entityChecks),
      element: (inner, innerRole, innerRules) => this.element(inner, `${innerRole} of ${role}`, innerRules),
      problem: (reason, remedy) => this.problem(`${role}: ${reason}`, remedy),
    })
    if (type?.kind === 'json') {
      this.problem(
        `${role}: Kong refuses json inside a list and never checks it inside a map`,
        'make the whole field json: @Field({ jsonSchema: … })',
      )
      return undefined
    }
    return type && { type, attributes: this.#apply(rules, type, true, toKongAttributes(isElementOptions(option) ? option : {})) }
  }

  problem(reason: string, remedy: string): void {
    this.#problems.add(this.#target.name, this.#args.property, reason, remedy)
  }

  #apply(
    rules: readonly ClassValidatorRule[],
    { kind }: FieldType,
    required: boolean,
    said: ElementDefinition['attributes'],
  ): ElementDefinition['attributes'] {
    const { attributes, lateRules } = applyRules(said, rules, { kind, required })
    for (const rule of lateRules) this.#lateRules.add(rule)
    return attributes
  }
}

function isElementOptions(option: ElementOption): option is ElementOptions {
  return typeof option === 'object'
}

function ruledType(rules: readonly ClassValidatorRule[]): FieldTypeOption | undefined {
  for (const { name } of rules) {
    const type = name === undefined ? undefined : findRuleRow(name)?.type
    if (type !== undefined) return type
  }
  return undefined
}

const TEXT_RULES = ['match', 'notMatch', 'matchAll', 'matchAny', 'matchNone', 'startsWith', 'isRegex', 'uuid', 'referenceable'] as const
const NUMBER_RULES = ['between', 'gt', 'timestamp'] as const

/** Rules that only one type can have tell it where the compiler cannot: `string | null` is an `Object` to it. */
function typeOfRules(options: FieldOptions): FieldTypeOption | undefined {
  if (TEXT_RULES.some((rule) => options[rule] !== undefined)) return 'string'
  return NUMBER_RULES.some((rule) => options[rule] !== undefined) ? 'number' : undefined
}

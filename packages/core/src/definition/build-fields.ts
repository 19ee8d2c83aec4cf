import { readClassValidatorRules, type ClassValidatorRule } from '../declaration/class-validator-rules.js'
import type { Constructor } from '../declaration/constructor.js'
import type { EntityCheck } from '../declaration/entity-check.js'
import type { ElementOption, ElementOptions, FieldOptions, FieldTypeName } from '../declaration/decorator-options.js'
import { readDesignType, readFields, readTypeHint, type FieldArgs } from '../declaration/metadata-store.js'
import type { DefinitionProblems } from '../errors/plugin-errors.js'
import { applyRules, findRuleRow } from '../rules/rule-table.js'
import { toKongAttributes, type FieldAttributes } from '../rules/field-attributes.js'
import type { RuleRow } from '../rules/rule-row.js'
import { buildFieldType, type TypeParts } from './build-field-type.js'
import { toKongEntityCheck } from './kong-entity-checks.js'
import type { ElementDefinition, FieldDefinition, FieldType, RecordDefinition } from './plugin-definition.js'
import { isBlank, readInitialisers, toKongDefault } from './initialisers.js'
import { toSnakeCase } from './kong-names.js'

/**
 * Builds the fields of a plugin class or record class, including those of the records in it.
 *
 * @param enclosing the classes in which this one is nested. A class among its own enclosing ones is a circle, which a schema cannot have.
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

class FieldBuilder implements TypeParts {
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
    const ownRules = rules.filter(({ each }) => !each)
    const elementRules = rules.filter(({ each }) => each)
    const impliedType = typeImpliedByRules(ownRules)
    const evidence = {
      options,
      initial: this.#initial,
      rules: impliedType ?? typeImpliedByOptions(options),
      hint: readTypeHint(this.#target, property),
      design: readDesignType(this.#target.prototype, property),
    }
    const type = buildFieldType(
      { evidence, isInteger: impliedType === 'integer', elementRules, elementType: typeImpliedByRules(elementRules) },
      this,
    )
    if (type === undefined) return undefined
    // Kong completes a required record from the defaults of its fields, so an initialised record is required.
    const isInitialised = this.#initial !== undefined && type.kind !== 'record'
    const required = options.required ?? !(isInitialised || ownRules.some(({ name }) => name === 'isOptional'))
    const fallback = options.default ?? toKongDefault(type, this.#initial, (reason, remedy) => this.addProblem(reason, remedy))
    // Kong refuses "" unless len_min is 0. A field that starts as "" must accept it.
    const attributes = { ...(type.kind === 'string' && fallback === '' ? { len_min: 0 } : {}), ...toKongAttributes(options) }
    return {
      property,
      name: options.name ?? toSnakeCase(property),
      type,
      attributes: this.#applyRules(ownRules, type, required, attributes),
      required,
      default: fallback,
      lateRules: [...this.#lateRules],
    }
  }

  buildRecord(recordClass: Constructor, entityChecks: readonly EntityCheck[] | undefined): FieldType | undefined {
    if (this.#enclosing.includes(recordClass)) {
      const circle = [...this.#enclosing.slice(this.#enclosing.indexOf(recordClass)), recordClass].map(({ name }) => name).join(' → ')
      this.addProblem(
        `records go in a circle (${circle})`,
        "Kong's schema has no recursion: give the inner level a class of its own, or a json field",
      )
      return undefined
    }
    if (readFields(recordClass).length === 0) {
      this.addProblem(
        `${recordClass.name} has no @Field, so it is not a record`,
        `decorate its properties with @Field(), or name another type: @Field({ type: 'string' })`,
      )
      return undefined
    }
    return { kind: 'record', record: buildRecordDefinition(recordClass, entityChecks, this.#enclosing, this.#problems) }
  }

  buildElement(option: ElementOption, role: string, rules: readonly ClassValidatorRule[]): ElementDefinition | undefined {
    const options = isElementOptions(option) ? option : { type: option }
    const type = buildFieldType(
      { evidence: { options }, isInteger: typeImpliedByRules(rules) === 'integer', elementRules: [], elementType: undefined },
      {
        buildRecord: (recordClass, entityChecks) => this.buildRecord(recordClass, entityChecks),
        buildElement: (inner, innerRole, innerRules) => this.buildElement(inner, `${innerRole} of ${role}`, innerRules),
        addProblem: (reason, remedy) => this.addProblem(`${role}: ${reason}`, remedy),
      },
    )
    if (type?.kind === 'json') {
      this.addProblem(
        `${role}: Kong refuses json inside a list and never checks it inside a map`,
        'make the whole field json: @Field({ jsonSchema: … })',
      )
      return undefined
    }
    return type && { type, attributes: this.#applyRules(rules, type, true, isElementOptions(option) ? toKongAttributes(option) : {}) }
  }

  addProblem(reason: string, remedy: string): void {
    this.#problems.add(this.#target.name, this.#args.property, reason, remedy)
  }

  #applyRules(rules: readonly ClassValidatorRule[], { kind }: FieldType, required: boolean, own: FieldAttributes): FieldAttributes {
    const { attributes, lateRules } = applyRules(own, rules, { kind, required })
    for (const rule of lateRules) this.#lateRules.add(rule)
    return attributes
  }
}

function isElementOptions(option: ElementOption): option is ElementOptions {
  return typeof option === 'object'
}

function typeImpliedByRules(rules: readonly ClassValidatorRule[]): RuleRow['type'] {
  for (const { name } of rules) {
    const type = name === undefined ? undefined : findRuleRow(name)?.type
    if (type !== undefined) return type
  }
  return undefined
}

const TEXT_OPTIONS = ['match', 'notMatch', 'matchAll', 'matchAny', 'matchNone', 'startsWith', 'isRegex', 'uuid', 'referenceable'] as const
const NUMBER_OPTIONS = ['between', 'gt', 'timestamp'] as const

/** Options of one type only tell the type where the compiler cannot: it records `Object` for `string | null`. */
function typeImpliedByOptions(options: FieldOptions): FieldTypeName | undefined {
  if (TEXT_OPTIONS.some((option) => options[option] !== undefined)) return 'string'
  return NUMBER_OPTIONS.some((option) => options[option] !== undefined) ? 'number' : undefined
}

import type { ElementOption, ElementOptions, FieldOptions, FieldTypeOption } from '../decorators/field-options.js'
import { readTypeHint } from '../metadata/class-transformer-hints.js'
import { readClassValidatorRules, type ClassValidatorRule } from '../metadata/class-validator-rules.js'
import type { Constructor } from '../metadata/constructor.js'
import { readDesignType, readFields, type FieldArgs } from '../metadata/metadata-store.js'
import { toKongAttributes } from '../schema/field-attributes.js'
import type { ElementDefinition, FieldAttributes, FieldDefinition, FieldType, RecordDefinition } from '../definition/field-definition.js'
import { mergeAttributes } from '../schema/merge-attributes.js'
import { findRuleRow } from '../schema/rule-table.js'
import { toKongDefault } from './default-value.js'
import type { DefinitionProblems } from './definition-problems.js'
import { NO_ELEMENT_RULES, inferFieldType, type FieldTypeParts } from './infer-field-type.js'
import { toSnakeCase } from './naming.js'
import { isBlank, readInitialisers } from './read-initialisers.js'

/**
 * The fields of a plugin or record class, records inside records included.
 *
 * @param enclosing the classes this one is nested in: a class among its own enclosing ones is a circle, which a schema cannot have.
 */
export function buildRecordDefinition(
  target: Constructor,
  entityChecks: FieldOptions['entityChecks'],
  enclosing: readonly Constructor[],
  problems: DefinitionProblems,
): RecordDefinition {
  const args = readFields(target)
  const initials = args.length === 0 ? new Map<string, unknown>() : readInitialisers(target, problems)
  const rules = readClassValidatorRules(target)
  const fields = args
    .map((field) => new FieldBuilder(target, field, initials.get(field.property), [...enclosing, target], problems).build(rules))
    .filter((field) => field !== undefined)
  return { construct: target, fields, entityChecks: entityChecks ?? [] }
}

class FieldBuilder implements FieldTypeParts {
  readonly #target: Constructor
  readonly #args: FieldArgs
  readonly #initial: unknown
  readonly #enclosing: readonly Constructor[]
  readonly #problems: DefinitionProblems

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
    const own = rules.filter(({ each, name }) => !each && name !== 'isOptional')
    const each = rules.filter((rule) => rule.each)
    const ruled = ruledType(own)
    const type = inferFieldType(
      {
        options,
        initial: this.#initial,
        hint: readTypeHint(this.#target, property),
        design: readDesignType(this.#target.prototype, property),
        integer: ruled === 'integer',
        ruled,
        elementRules: { type: ruledType(each), attributes: ruleAttributes(each) },
      },
      this,
    )
    if (type === undefined) return undefined
    const fallback = options.default ?? toKongDefault(type, this.#initial, (reason, remedy) => this.problem(reason, remedy))
    // Kong completes a required record from the defaults of its fields, which is what an initialised record means.
    const initialised = this.#initial !== undefined && type.kind !== 'record'
    const optional = rules.some(({ name }) => name === 'isOptional') || options.default !== undefined || initialised
    return {
      property,
      name: options.name ?? toSnakeCase(property),
      type,
      attributes: mergeAttributes(ruleAttributes(own), toKongAttributes(options)),
      required: options.required ?? !optional,
      default: fallback,
      lateRules: rules.filter((rule) => !isExact(rule)).map(({ name }) => name ?? 'custom rule'),
    }
  }

  record(recordClass: Constructor, entityChecks: FieldOptions['entityChecks']): FieldType | undefined {
    if (this.#enclosing.includes(recordClass)) {
      const circle = [...this.#enclosing.slice(this.#enclosing.indexOf(recordClass)), recordClass].map(({ name }) => name).join(' → ')
      this.problem(`records go in a circle (${circle})`, "Kong's schema has no recursion: give the inner level a class of its own, or a json field")
      return undefined
    }
    if (readFields(recordClass).length === 0) {
      this.problem(`${recordClass.name} has no @Field, so it is no record`, `decorate its properties with @Field(), or say another type: @Field({ type: 'string' })`)
      return undefined
    }
    return { kind: 'record', record: buildRecordDefinition(recordClass, entityChecks, this.#enclosing, this.#problems) }
  }

  element(option: ElementOption, role: string, rules: FieldAttributes): ElementDefinition | undefined {
    const options: ElementOptions = isElementOptions(option) ? option : { type: option }
    const clues = { options, initial: undefined, hint: undefined, design: undefined, integer: false, ruled: undefined, elementRules: NO_ELEMENT_RULES }
    const type = inferFieldType(clues, {
      record: (recordClass, entityChecks) => this.record(recordClass, entityChecks),
      element: (inner, innerRole, innerRules) => this.element(inner, `${innerRole} of ${role}`, innerRules),
      problem: (reason, remedy) => this.problem(`${role}: ${reason}`, remedy),
    })
    return type && { type, attributes: mergeAttributes(rules, toKongAttributes(options)) }
  }

  problem(reason: string, remedy: string): void {
    this.#problems.add(this.#target.name, this.#args.property, reason, remedy)
  }
}

function isElementOptions(option: ElementOption): option is ElementOptions {
  return typeof option === 'object'
}

function isExact({ name, constraints }: ClassValidatorRule): boolean {
  if (name === 'isOptional' || name === 'isDefined' || name === 'nestedValidation' || name === 'whitelistValidation') return true
  const row = name === undefined ? undefined : findRuleRow(name)
  return row !== undefined && row.exact && row.attributes(constraints) !== undefined
}

function ruledType(rules: readonly ClassValidatorRule[]): FieldTypeOption | undefined {
  for (const { name } of rules) {
    const type = name === undefined ? undefined : findRuleRow(name)?.type
    if (type !== undefined) return type
  }
  return undefined
}

function ruleAttributes(rules: readonly ClassValidatorRule[]): FieldAttributes {
  return rules.reduce<FieldAttributes>((merged, { name, constraints }) => {
    const attributes = name === undefined ? undefined : findRuleRow(name)?.attributes(constraints)
    return attributes === undefined ? merged : mergeAttributes(merged, attributes)
  }, {})
}

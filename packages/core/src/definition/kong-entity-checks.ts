import type { JsonValue } from '@kong-ts/schema'
import type { EntityCheck, FieldMatch, MatchedElement } from '../declaration/entity-check.js'
import { toKongAttributes } from '../rules/field-attributes.js'
import type { KongEntityCheck } from './plugin-definition.js'

/** Converts a check over several fields to its form in Kong's schema. */
export function toKongEntityCheck(check: EntityCheck): KongEntityCheck {
  if ('atLeastOneOf' in check) return { at_least_one_of: check.atLeastOneOf }
  if ('onlyOneOf' in check) return { only_one_of: check.onlyOneOf }
  if ('distinct' in check) return { distinct: check.distinct }
  if ('mutuallyRequired' in check) return { mutually_required: check.mutuallyRequired }
  if ('mutuallyExclusive' in check) return { mutually_exclusive: check.mutuallyExclusive }
  if ('mutuallyExclusiveSets' in check)
    return { mutually_exclusive_sets: { set1: check.mutuallyExclusiveSets.set1, set2: check.mutuallyExclusiveSets.set2 } }
  if ('conditional' in check) {
    const { ifField, ifMatch, thenField, thenMatch, thenErr } = check.conditional
    return {
      conditional: {
        if_field: ifField,
        if_match: toMatch(ifMatch),
        then_field: thenField,
        then_match: toMatch(thenMatch),
        ...given('then_err', thenErr),
      },
    }
  }
  const { ifField, ifMatch, thenAtLeastOneOf, thenErr, elseMatch, elseThenAtLeastOneOf, elseThenErr } = check.conditionalAtLeastOneOf
  return {
    conditional_at_least_one_of: {
      if_field: ifField,
      if_match: toMatch(ifMatch),
      then_at_least_one_of: thenAtLeastOneOf,
      ...given('then_err', thenErr),
      ...given('else_match', elseMatch && toMatch(elseMatch)),
      ...given('else_then_at_least_one_of', elseThenAtLeastOneOf),
      ...given('else_then_err', elseThenErr),
    },
  }
}

function toMatch(match: FieldMatch): JsonValue {
  const { required, elements, keys, values } = match
  return {
    ...given('required', required),
    ...toKongAttributes(match),
    ...given('elements', elements && toMatchedElement(elements)),
    ...given('keys', keys && toMatchedElement(keys)),
    ...given('values', values && toMatchedElement(values)),
  }
}

function toMatchedElement(element: MatchedElement): JsonValue {
  const { type } = element
  const name = typeof type === 'string' ? type : type === Number ? 'number' : type === Boolean ? 'boolean' : 'string'
  return { type: name, ...toKongAttributes(element) }
}

function given(name: string, value: JsonValue | undefined): { readonly [name: string]: JsonValue } {
  return value === undefined ? {} : { [name]: value }
}

import { Expose as ClassTransformerExpose, Transform as ClassTransformerTransform, Type as ClassTransformerType } from 'class-transformer'
import { recordTransform, recordTypeHint } from './metadata-store.js'

/**
 * class-transformer's `@Type`, which `@Field` follows too: the class of a record, of the elements of a list or of the values of a map.
 *
 * Import it from here, not from class-transformer: `@Field` cannot read what class-transformer keeps to itself.
 *
 * @example `@Field() @Type(() => Rule) rules: Rule[] = []`
 */
export function Type(...args: Parameters<typeof ClassTransformerType>): PropertyDecorator {
  const [typeFunction] = args
  const decorate = ClassTransformerType(...args)
  return (prototype, property) => {
    if (typeFunction !== undefined && typeof property === 'string') recordTypeHint(prototype, { property, typeFunction })
    decorate(prototype, property)
  }
}

/**
 * class-transformer's `@Transform`, which kong-ts applies when it binds a configuration: the function gets the value that the field would
 * have, and its result becomes the property.
 *
 * Import it from here, not from class-transformer: kong-ts cannot read what class-transformer keeps to itself.
 *
 * @example `@Field({ type: 'string' }) @Transform(({ value }) => new URL(value)) home!: URL`
 */
export function Transform(...args: Parameters<typeof ClassTransformerTransform>): PropertyDecorator {
  const [transform, { toClassOnly = false, toPlainOnly = false } = {}] = args
  const decorate = ClassTransformerTransform(...args)
  return (prototype, property) => {
    if (typeof property === 'string' && (toClassOnly || !toPlainOnly)) recordTransform(prototype, { property, transform })
    decorate(prototype, property)
  }
}

/**
 * class-transformer's `@Expose`, for plugins that call `plainToInstance` or `instanceToPlain` on data of their own. It does not change the
 * field in Kong.
 */
export function Expose(...args: Parameters<typeof ClassTransformerExpose>): PropertyDecorator & ClassDecorator {
  return ClassTransformerExpose(...args)
}

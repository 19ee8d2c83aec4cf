import { recordField } from './metadata-store.js'
import type { CheckedOptions, DocumentedOptions, Fitting } from './field-fits.js'
import type { FieldOptions } from './field-options.js'

/** A decorator for properties whose type fits the options. */
export type FieldDecorator<O> = <K extends string, T extends Partial<Record<K, Fitting<O> | undefined | null>>>(
  prototype: T,
  property: K,
) => void

/** A decorator for any property. */
export type AnyFieldDecorator = (prototype: object, property: string) => void

/**
 * Makes a property a field of the plugin's configuration in Kong. Its name there is `name`, else the property in snake_case.
 *
 * The type comes from the options, else from the initialiser, else from what the compiler recorded. The initialiser becomes the default in
 * Kong's schema. A property without an initialiser is REQUIRED unless `required: false` or `@IsOptional()` says otherwise: the `?` of
 * `apiKey?: string` leaves no trace at run time (`kong-ts check` finds such fields). Decorators of class-validator on the same property
 * become Kong validators where Kong has them; the others are checked when an instance starts.
 *
 * @example `@Field('my_file_path') path!: string`
 */
export function Field(name?: string): AnyFieldDecorator
/**
 * Makes a property a field of the plugin's configuration in Kong.
 *
 * Options that do not fit the property's type do not compile. A property with options cannot be `private`, because TypeScript hides its
 * type then. Without an initialiser a field is REQUIRED, `?` or not, unless the options say `required: false`.
 *
 * @example `@Field({ elements: String, lenMax: 10 }) tags: string[] = []`
 * @example `@Field({ required: false, referenceable: true }) apiKey?: string`
 */
export function Field<const O extends FieldOptions>(options: O & CheckedOptions<O> & DocumentedOptions): FieldDecorator<O>
/**
 * Makes a property a field of the plugin's configuration in Kong, under another name.
 *
 * Options that do not fit the property's type do not compile. A property with options cannot be `private`, because TypeScript hides its
 * type then. Without an initialiser a field is REQUIRED, `?` or not, unless the options say `required: false`.
 *
 * @example `@Field('max', { between: [1, 10] }) maxCalls = 5`
 */
export function Field<const O extends FieldOptions>(name: string, options: O & CheckedOptions<O> & DocumentedOptions): FieldDecorator<O>
export function Field(nameOrOptions: string | FieldOptions = {}, more: FieldOptions = {}): AnyFieldDecorator {
  const options = typeof nameOrOptions === 'string' ? { ...more, name: nameOrOptions } : nameOrOptions
  return (prototype, property) => recordField(prototype, { property, options })
}

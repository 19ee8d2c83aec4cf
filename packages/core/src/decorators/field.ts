import { recordField } from '../metadata/metadata-store.js'
import type { CheckedOptions, Fitting } from './field-fits.js'
import type { FieldOptions } from './field-options.js'

/** Fits only on a property whose type can have the options. */
export type FieldDecorator<O> = <K extends string, T extends Partial<Record<K, Fitting<O> | undefined | null>>>(
  prototype: T,
  property: K,
) => void

/** A decorator for any property. */
export type AnyFieldDecorator = (prototype: object, property: string) => void

/**
 * Makes a property a field of the plugin's configuration in Kong.
 *
 * The name in Kong is the property in snake_case unless `name` says otherwise. The type is what `type` says, else what the initialiser
 * shows, else what the compiler noted. An initialiser is the default in Kong's schema; a property without one is required unless
 * `required: false` or `@IsOptional()` says otherwise. Decorators of class-validator on the same property become Kong validators where
 * Kong has them, else they are checked when an instance starts.
 *
 * Options that do not fit the property's type do not compile. A property with options cannot be `private`: TypeScript does not show its
 * type.
 *
 * @example `@Field('my_file_path') path!: string`
 * @example `@Field({ elements: String, lenMax: 10 }) tags: string[] = []`
 */
export function Field(name?: string): AnyFieldDecorator
export function Field<const O extends FieldOptions>(options: O & CheckedOptions<O>): FieldDecorator<O>
export function Field<const O extends FieldOptions>(name: string, options: O & CheckedOptions<O>): FieldDecorator<O>
export function Field(nameOrOptions: string | FieldOptions = {}, more: FieldOptions = {}): AnyFieldDecorator {
  const options = typeof nameOrOptions === 'string' ? { ...more, name: nameOrOptions } : nameOrOptions
  return (prototype, property) => recordField(prototype, { property, options })
}

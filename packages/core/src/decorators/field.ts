import { recordField } from '../metadata/metadata-store.js'
import type { FieldOptions, OptionFits } from './field-options.js'

/** What a property must be to carry all of the options `O`; `unknown` when none of them is bound to a type. */
type Fitting<O> = { [K in keyof O & keyof OptionFits]: (value: OptionFits[K]) => void } extends infer F
  ? [keyof F] extends [never]
    ? unknown
    : F[keyof F] extends (value: infer V) => void
      ? V
      : never
  : never

/** Fits only on a property whose type can have the options. */
export type FieldDecorator<O> = <K extends string, T extends Partial<Record<K, Fitting<O> | undefined | null>>>(prototype: T, property: K) => void

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
 * @example `@Field('my_file_path') path!: string`
 * @example `@Field({ elements: String, lenMax: 10 }) tags: string[] = []`
 */
export function Field(name?: string): AnyFieldDecorator
export function Field<const O extends FieldOptions>(options: O): FieldDecorator<O>
export function Field<const O extends FieldOptions>(name: string, options: O): FieldDecorator<O>
export function Field(nameOrOptions: string | FieldOptions = {}, more: FieldOptions = {}): AnyFieldDecorator {
  const options = typeof nameOrOptions === 'string' ? { ...more, name: nameOrOptions } : nameOrOptions
  return (prototype, property) => recordField(prototype, { property, options })
}

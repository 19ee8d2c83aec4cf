import { injectable } from 'tsyringe'
import { Expose as ClassTransformerExpose, Transform as ClassTransformerTransform, Type as ClassTransformerType } from 'class-transformer'
import type { Phase } from '../phase/phase.js'
import type { PhasePDK } from '../pdk/phase-pdk.js'
import type { Constructor } from './constructor.js'
import { recordPlugin, recordPhase, recordField, recordTransform, recordTypeHint } from './metadata-store.js'
import type { PluginOptions, PhaseOptions, FieldOptions } from './decorator-options.js'
import type { CheckedOptions, DocumentedOptions, Fitting } from './field-fits.js'

/**
 * Makes a class a Kong plugin. The class becomes injectable too: its constructor can ask for any provider of tsyringe.
 *
 * @param version `x.y.z`. Kong does not start with another form.
 * @param priority an integer. In each phase plugins with a higher priority run earlier; Kong's key-auth has 1250, rate-limiting 910.
 * @param options the name, the protocols, and where the plugin may be configured.
 *
 * Does not throw. All mistakes are reported together when the definition is built, as by `startServer`.
 */
export function Plugin(version: string, priority: number, options: PluginOptions = {}): (target: Constructor) => void {
  return (target) => {
    recordPlugin(target, { version, priority, options })
    injectable()(target)
  }
}

/** A decorator for methods that take the PDK of phase `P`, or nothing. */
export type PhaseDecorator<P extends Phase> = <H extends (kong: PhasePDK<P>) => unknown>(
  prototype: object,
  handler: string | symbol,
  descriptor: TypedPropertyDescriptor<H>,
) => void

/** Handles Kong's `certificate` phase: the TLS handshake, before any request. Only plugins that are configured globally run here. */
export function Certificate(options: PhaseOptions = {}): PhaseDecorator<'certificate'> {
  return phaseDecorator('certificate', options)
}

/**
 * Handles Kong's `rewrite` phase: before routing and authentication. Only plugins that are configured globally run here. Route, service
 * and consumer are not known yet.
 */
export function Rewrite(options: PhaseOptions = {}): PhaseDecorator<'rewrite'> {
  return phaseDecorator('rewrite', options)
}

/** Handles Kong's `access` phase: after routing, before the request goes to the upstream service. */
export function Access(options: PhaseOptions = {}): PhaseDecorator<'access'> {
  return phaseDecorator('access', options)
}

/**
 * Handles Kong's `response` phase: the upstream has answered, and nothing was sent to the client yet. Kong buffers the whole response of
 * every request that the plugin applies to, so nothing is streamed. Kong skips the phase when `access` ended the request.
 *
 * The name hides the global `Response` of `fetch` in files that import it.
 */
export function Response(options: PhaseOptions = {}): PhaseDecorator<'response'> {
  return phaseDecorator('response', options)
}

/** Handles Kong's `preread` phase: the stream subsystem's (TCP, TLS, UDP) counterpart of `access`. */
export function Preread(options: PhaseOptions = {}): PhaseDecorator<'preread'> {
  return phaseDecorator('preread', options)
}

/** Handles Kong's `log` phase: after the response was sent, in a timer with saved data. A handler cannot change anything here. */
export function Log(options: PhaseOptions = {}): PhaseDecorator<'log'> {
  return phaseDecorator('log', options)
}

function phaseDecorator<P extends Phase>(phase: P, options: PhaseOptions): PhaseDecorator<P> {
  return (prototype, handler) => recordPhase(prototype, { phase, handler, options })
}

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

import * as tsyringe from 'tsyringe'

/**
 * tsyringe's root container, the parent of the container of a plugin server. Register providers here before `startServer`.
 *
 * @example `container.register('clock', { useValue: Date })`
 */
export const container: tsyringe.DependencyContainer = tsyringe.container

/** Lets the container build a class with the services that its constructor asks for: a new object for each place that asks. */
export const injectable: typeof tsyringe.injectable = tsyringe.injectable

/** Like `@injectable()`, but the whole plugin server process shares one object: all plugins and all their configurations. */
export const singleton: typeof tsyringe.singleton = tsyringe.singleton

/**
 * Like `@injectable()`, but with a lifecycle. `@scoped(Lifecycle.ContainerScoped)` makes one object for each instance, that is for each
 * configuration of the plugin; the object is disposed of when Kong closes the instance.
 */
export const scoped: typeof tsyringe.scoped = tsyringe.scoped

/** Marks a constructor parameter with the token of its provider. Needed for interfaces and plain values, which have no class at run time. */
export const inject: typeof tsyringe.inject = tsyringe.inject

/** Lets two classes ask for each other: `@inject(delay(() => Other))`. */
export const delay: typeof tsyringe.delay = tsyringe.delay

/** Makes a provider of a factory that runs once for each container: `container.register(Client, { useFactory: instanceCachingFactory(…) })`. */
export const instanceCachingFactory: typeof tsyringe.instanceCachingFactory = tsyringe.instanceCachingFactory

/** How long an object of `@scoped` or of a registered class lives. In a plugin server a container is the process or one instance. */
export const Lifecycle: typeof tsyringe.Lifecycle = tsyringe.Lifecycle
export type Lifecycle = tsyringe.Lifecycle

/** A container of tsyringe, such as a factory gets it. */
export type DependencyContainer = tsyringe.DependencyContainer

/** What a provider is registered under and asked for by: a class, a text, a symbol or a `delay`. */
export type InjectionToken<T = unknown> = tsyringe.InjectionToken<T>

/** A service of an instance with a `dispose()` method. The container calls it when Kong closes the instance, after `onClose`. */
export type Disposable = tsyringe.Disposable

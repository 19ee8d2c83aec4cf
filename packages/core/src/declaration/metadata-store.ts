import type { TransformFnParams } from 'class-transformer'
import type { Phase } from '../phase/phase.js'
import type { Constructor } from './constructor.js'
import type { PhaseOptions, PluginOptions, FieldOptions } from './decorator-options.js'

/** Arguments of `@Plugin`. */
export interface PluginArgs {
  readonly version: string
  readonly priority: number
  readonly options: PluginOptions
}

/** Arguments of `@Field`. */
export interface FieldArgs {
  readonly property: string
  readonly options: FieldOptions
}

/** Arguments of a phase decorator. */
export interface PhaseArgs {
  readonly phase: Phase
  readonly handler: string | symbol
  readonly options: PhaseOptions
}

/** Arguments of `@Type`. */
export interface TypeHintArgs {
  readonly property: string
  readonly typeFunction: () => unknown
}

/** Arguments of `@Transform`. */
export interface TransformArgs {
  readonly property: string
  readonly transform: (params: TransformFnParams) => unknown
}

const PLUGIN_KEY = Symbol.for('kong-ts:plugin')
const FIELDS_KEY = Symbol.for('kong-ts:fields')
const PHASES_KEY = Symbol.for('kong-ts:phases')
const TYPE_HINTS_KEY = Symbol.for('kong-ts:type-hints')
const TRANSFORMS_KEY = Symbol.for('kong-ts:transforms')

/** Stores `@Plugin` on exactly this class: a subclass is a plugin only with a decorator of its own. */
export function recordPlugin(target: Constructor, args: PluginArgs): void {
  Reflect.defineMetadata(PLUGIN_KEY, args, target)
}

/** `undefined` when the class has no `@Plugin` of its own. */
export function readPlugin(target: Constructor): PluginArgs | undefined {
  return Reflect.getOwnMetadata(PLUGIN_KEY, target) as PluginArgs | undefined
}

/** Whether a value, such as an export of a module, is a class with a `@Plugin` of its own. */
export function isPluginClass(value: unknown): value is Constructor {
  return typeof value === 'function' && Reflect.hasOwnMetadata(PLUGIN_KEY, value)
}

/** Stores a `@Field` on the class of the prototype. */
export function recordField(prototype: object, args: FieldArgs): void {
  append(FIELDS_KEY, prototype, args)
}

/** The fields of a class in the order written, those of its base classes first. A redeclared field takes the place of the inherited one. */
export function readFields(target: Constructor): readonly FieldArgs[] {
  const fields = new Map<string, FieldArgs>()
  for (const field of readAll<FieldArgs>(FIELDS_KEY, target)) fields.set(field.property, field)
  return [...fields.values()]
}

/** Stores a phase handler on the class of the prototype. */
export function recordPhase(prototype: object, args: PhaseArgs): void {
  append(PHASES_KEY, prototype, args)
}

/**
 * The handlers of a class per phase. A class's own handlers of a phase replace the inherited ones, so a list with more than one handler is
 * a mistake within one class.
 */
export function readPhases(target: Constructor): ReadonlyMap<Phase, readonly PhaseArgs[]> {
  const phases = new Map<Phase, readonly PhaseArgs[]>()
  for (const prototype of prototypesFromBase(target)) {
    for (const [phase, handlers] of groupByPhase(readOwn<PhaseArgs>(PHASES_KEY, prototype))) phases.set(phase, handlers)
  }
  return phases
}

/** Stores a `@Type` on the class of the prototype. */
export function recordTypeHint(prototype: object, args: TypeHintArgs): void {
  append(TYPE_HINTS_KEY, prototype, args)
}

/** The class that `@Type(() => X)` names for a property; `undefined` without one. */
export function readTypeHint(target: Constructor, property: string): unknown {
  return readAll<TypeHintArgs>(TYPE_HINTS_KEY, target)
    .findLast((hint) => hint.property === property)
    ?.typeFunction()
}

/** Stores a `@Transform` on the class of the prototype. */
export function recordTransform(prototype: object, args: TransformArgs): void {
  append(TRANSFORMS_KEY, prototype, args)
}

/** The `@Transform` functions of a property in the order in which class-transformer runs them: as written, those of base classes first. */
export function readTransforms(target: Constructor, property: string): readonly TransformArgs['transform'][] {
  return prototypesFromBase(target).flatMap((prototype) =>
    readOwn<TransformArgs>(TRANSFORMS_KEY, prototype)
      .filter((args) => args.property === property)
      .map(({ transform }) => transform)
      .reverse(),
  )
}

/**
 * The type that the compiler recorded for a property. It is only a hint: interfaces and unions become `Object`, for an enum compilers
 * record different things (some the enum object itself), and esbuild records nothing.
 */
export function readDesignType(prototype: object, property: string): unknown {
  return Reflect.getMetadata('design:type', prototype, property)
}

/** The types that the compiler recorded for the constructor's parameters; `undefined` without a constructor or without metadata. */
export function readParameterTypes(target: Constructor): readonly unknown[] | undefined {
  return Reflect.getMetadata('design:paramtypes', target) as readonly unknown[] | undefined
}

/** The indices of the constructor parameters with tsyringe's `@inject(token)`. tsyringe stores them under this key. */
export function readInjectionTokens(target: Constructor): ReadonlySet<number> {
  const tokens = Reflect.getOwnMetadata('injectionTokens', target) as Readonly<Record<string, unknown>> | undefined
  return new Set(Object.keys(tokens ?? {}).map(Number))
}

function append(key: symbol, prototype: object, args: object): void {
  Reflect.defineMetadata(key, [...readOwn<object>(key, prototype), args], prototype)
}

function readAll<T>(key: symbol, target: Constructor): readonly T[] {
  return prototypesFromBase(target).flatMap((prototype) => readOwn<T>(key, prototype))
}

function readOwn<T>(key: symbol, prototype: object): readonly T[] {
  return (Reflect.getOwnMetadata(key, prototype) as readonly T[] | undefined) ?? []
}

function prototypesFromBase(target: Constructor): object[] {
  const prototypes: object[] = []
  for (
    let prototype: object | null = target.prototype;
    prototype !== null && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    prototypes.unshift(prototype)
  }
  return prototypes
}

function groupByPhase(handlers: readonly PhaseArgs[]): ReadonlyMap<Phase, PhaseArgs[]> {
  const groups = new Map<Phase, PhaseArgs[]>()
  for (const handler of handlers) {
    const group = groups.get(handler.phase)
    if (group) group.push(handler)
    else groups.set(handler.phase, [handler])
  }
  return groups
}

import type { FieldOptions } from './field-options.js'
import type { PhaseOptions } from './phase-options.js'
import type { PluginOptions } from './plugin-options.js'
import type { Phase } from '../phase/phase.js'
import type { Constructor } from './constructor.js'

/** What `@Plugin` was told. */
export interface PluginArgs {
  readonly version: string
  readonly priority: number
  readonly options: PluginOptions
}

/** What `@Field` was told. */
export interface FieldArgs {
  readonly property: string
  readonly options: FieldOptions
}

/** What a phase decorator was told. */
export interface PhaseArgs {
  readonly phase: Phase
  readonly handler: string | symbol
  readonly options: PhaseOptions
}

const PLUGIN_KEY = Symbol.for('kong-ts:plugin')
const FIELDS_KEY = Symbol.for('kong-ts:fields')
const PHASES_KEY = Symbol.for('kong-ts:phases')

/** Remembers `@Plugin` on exactly this class: a subclass is a plugin only if it says so itself. */
export function recordPlugin(target: Constructor, args: PluginArgs): void {
  Reflect.defineMetadata(PLUGIN_KEY, args, target)
}

/** `undefined` when the class has no `@Plugin` of its own. */
export function readPlugin(target: Constructor): PluginArgs | undefined {
  return Reflect.getOwnMetadata(PLUGIN_KEY, target) as PluginArgs | undefined
}

/** Tells a class with a `@Plugin` of its own from everything else that a module may export. */
export function isPluginClass(value: unknown): value is Constructor {
  return typeof value === 'function' && Reflect.hasOwnMetadata(PLUGIN_KEY, value)
}

/** Remembers a `@Field` on the class whose prototype is given. */
export function recordField(prototype: object, args: FieldArgs): void {
  Reflect.defineMetadata(FIELDS_KEY, [...readOwn<FieldArgs>(FIELDS_KEY, prototype), args], prototype)
}

/** The fields of a class, those of its base classes first, in the order written; a redeclared field takes the place of the inherited one. */
export function readFields(target: Constructor): readonly FieldArgs[] {
  const fields = new Map<string, FieldArgs>()
  for (const prototype of prototypesFromBase(target)) {
    for (const field of readOwn<FieldArgs>(FIELDS_KEY, prototype)) fields.set(field.property, field)
  }
  return [...fields.values()]
}

/** Remembers a phase handler on the class whose prototype is given. */
export function recordPhase(prototype: object, args: PhaseArgs): void {
  Reflect.defineMetadata(PHASES_KEY, [...readOwn<PhaseArgs>(PHASES_KEY, prototype), args], prototype)
}

/**
 * The handlers of a class per phase. A class's own handlers of a phase replace the inherited ones, so a list longer than one is a mistake
 * made within one class.
 */
export function readPhases(target: Constructor): ReadonlyMap<Phase, readonly PhaseArgs[]> {
  const phases = new Map<Phase, readonly PhaseArgs[]>()
  for (const prototype of prototypesFromBase(target)) {
    for (const [phase, handlers] of groupByPhase(readOwn<PhaseArgs>(PHASES_KEY, prototype))) phases.set(phase, handlers)
  }
  return phases
}

/**
 * The type the compiler noted for a property. Only a hint: interfaces and unions are `Object`, compilers differ for enums (the enum object
 * itself), and some tools (esbuild) note nothing.
 */
export function readDesignType(prototype: object, property: string): unknown {
  return Reflect.getMetadata('design:type', prototype, property)
}

/** The types the compiler noted for the constructor's parameters; `undefined` without a constructor or without metadata. */
export function readParameterTypes(target: Constructor): readonly unknown[] | undefined {
  return Reflect.getMetadata('design:paramtypes', target) as readonly unknown[] | undefined
}

/** The constructor parameters (by index) for which `@inject(token)` of tsyringe says what to inject; tsyringe keeps them under this key. */
export function readInjectionTokens(target: Constructor): ReadonlySet<number> {
  const tokens = Reflect.getOwnMetadata('injectionTokens', target) as Readonly<Record<string, unknown>> | undefined
  return new Set(Object.keys(tokens ?? {}).map(Number))
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

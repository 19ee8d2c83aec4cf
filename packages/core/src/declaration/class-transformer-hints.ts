/// <reference path="./class-transformer-storage.d.ts" />
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js'
import type { Constructor } from './constructor.js'

/** class-transformer's `TransformationType.PLAIN_TO_CLASS`; the enum itself would load the whole library. */
const PLAIN_TO_CLASS = 0

/** What `@Type(() => X)` of class-transformer says about a property; `undefined` when it says nothing. */
export function readTypeHint(target: Constructor, property: string): unknown {
  return defaultMetadataStorage.findTypeMetadata(target, property)?.typeFunction?.()
}

/** Turns a bound value into what `@Transform` of class-transformer makes of it; `undefined` when the property has none. */
export function readTransform(target: Constructor, property: string): ((value: unknown, source: unknown) => unknown) | undefined {
  const transforms = defaultMetadataStorage.findTransformMetadatas(target, property, PLAIN_TO_CLASS)
  if (transforms.length === 0) return undefined
  return (value, source) =>
    transforms.reduce(
      (current, { transformFn }) => transformFn({ value: current, key: property, obj: source, type: PLAIN_TO_CLASS, options: {} }),
      value,
    )
}

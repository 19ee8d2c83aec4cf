import { PDK_METHODS, type PdkMethod } from '@kong-ts/core'

const BY_NAME: ReadonlyMap<string, PdkMethod> = new Map(
  Object.values(PDK_METHODS)
    .flatMap((namespace): readonly PdkMethod[] => Object.values(namespace))
    .filter(({ edition }) => edition !== 'helper')
    .map((method) => [method.name, method]),
)

/** The typed method behind a name given to `kong.raw`; `undefined` when there is none. */
export function rawMethod(name: string): PdkMethod | undefined {
  return BY_NAME.get(name)
}

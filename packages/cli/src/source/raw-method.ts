import { PDK, PdkArgumentError } from '@kong-ts/core'
import { PDK_METHODS, type PdkMethod } from '@kong-ts/core/server'

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

/** Why `kong.raw` refuses a name that is not typed, on every protocol; `undefined` when it does not. */
export async function rawRefusal(name: string): Promise<string | undefined> {
  if (!isKongName(name) || rawMethod(name) !== undefined) return undefined
  try {
    // Sent to nobody: the PDK refuses such names before.
    await new PDK(() => Promise.resolve(undefined)).raw(name)
    return undefined
  } catch (error) {
    if (error instanceof PdkArgumentError) return error.rule
    throw error
  }
}

function isKongName(name: string): name is `kong.${string}` {
  return name.startsWith('kong.')
}

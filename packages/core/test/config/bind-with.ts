import { ConfigError } from '@kong-ts/core'
import { buildPluginDefinition, createConfigBinder, type Constructor } from '@kong-ts/core/server'

/** Binds configurations, given as JSON text or as its value, to new instances of the class. */
export function bindWith<T extends object>(target: Constructor<T>): (config: object | string) => Promise<T> {
  const binder = createConfigBinder(buildPluginDefinition(target))
  return async (config) => {
    const instance = new target()
    await binder.bind(binder.read(typeof config === 'string' ? config : JSON.stringify(config)), instance)
    return instance
  }
}

/** What a binding says against a configuration, one text each. */
export async function problemsOf(binding: Promise<object>): Promise<string[]> {
  try {
    await binding
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ path, text }) => `${path}: ${text}`)
    throw error
  }
  return []
}

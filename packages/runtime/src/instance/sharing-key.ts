import { configDigest } from './config-digest.js'

/**
 * What tells that two StartInstance calls mean the same: the plugin, and a configuration that is equal whatever the order of its keys,
 * Kong's own keys (plugin id, `__seq__`) included.
 *
 * @returns `undefined` where Kong does not say which plugin entity it is: then nothing is shared.
 */
export function sharingKey(plugin: string, configText: string): string | undefined {
  return namesEntity(configText) ? configDigest(plugin, configText)?.toString('base64') : undefined
}

function namesEntity(configText: string): boolean {
  let config: unknown
  try {
    config = JSON.parse(configText)
  } catch {
    // Starting the instance says what is wrong with it.
    return false
  }
  if (typeof config !== 'object' || config === null) return false
  return ('__plugin_id' in config && typeof config.__plugin_id === 'string') || ('__key__' in config && typeof config.__key__ === 'string')
}

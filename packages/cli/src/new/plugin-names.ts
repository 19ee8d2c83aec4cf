import { PluginFileError } from '../load-plugins/plugin-file-error.js'

/** The names of a new plugin. */
export interface PluginNames {
  /** Kong's, which is the folder's too: `request-guard`. */
  readonly name: string
  /** `RequestGuard`. */
  readonly className: string
}

/** @throws PluginFileError for a name that Kong or TypeScript would not take. */
export function pluginNames(name: string): PluginNames {
  if (!/^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(name))
    throw new PluginFileError(
      `${JSON.stringify(name)} is no name for a plugin: lower-case words with dashes between them, such as request-guard`,
    )
  return {
    name,
    className: name
      .split('-')
      .map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`)
      .join(''),
  }
}

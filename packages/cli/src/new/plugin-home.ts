import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { findUp } from '../files/project-files.js'
import { PluginFileError } from '../load-plugins/plugin-file-error.js'

/** The folder of a new plugin, and where it gets the packages of kong-ts. */
export type PluginHome =
  | { readonly kind: 'workspace'; readonly folder: string; readonly checkout: string }
  /** The packages are linked from `checkout` when it is given. */
  | { readonly kind: 'standalone'; readonly folder: string; readonly checkout: string | undefined }

/**
 * Finds the folder of a new plugin. Within a checkout of kong-ts a plugin is one of its examples; elsewhere it is a folder of its own.
 *
 * @param link a checkout whose packages the plugin uses.
 * @throws PluginFileError when `link` is not a checkout.
 */
export function findPluginHome(name: string, link: string | undefined, folder: string): PluginHome {
  if (link !== undefined) {
    if (!isCheckout(resolve(folder, link)))
      throw new PluginFileError(`${link} is not a checkout of kong-ts: name the folder with packages/core in it`)
    return { kind: 'standalone', folder: join(folder, name), checkout: relative(join(folder, name), resolve(folder, link)) }
  }
  const workspace = findUp(folder, 'pnpm-workspace.yaml')
  return workspace !== undefined && isCheckout(workspace)
    ? { kind: 'workspace', folder: join(workspace, 'examples', name), checkout: workspace }
    : { kind: 'standalone', folder: join(folder, name), checkout: undefined }
}

/** True for a checkout of kong-ts with the packages that a plugin needs. */
export function isCheckout(folder: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'packages', 'core', 'package.json'), 'utf8'))
    return typeof manifest === 'object' && manifest !== null && 'name' in manifest && manifest.name === '@kong-ts/core'
  } catch {
    return false
  }
}

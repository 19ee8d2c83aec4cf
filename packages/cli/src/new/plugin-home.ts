import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { findUp } from '../files/find-up.js'
import { PluginFileError } from '../load-plugins/plugin-file-error.js'

/** Where a new plugin lives, and where it gets the packages of kong-ts from. */
export type PluginHome =
  | { readonly kind: 'workspace'; readonly folder: string; readonly checkout: string }
  /** `checkout`: the packages are linked from there. */
  | { readonly kind: 'standalone'; readonly folder: string; readonly checkout: string | undefined }

/**
 * Within a checkout of kong-ts a plugin is one of its examples; elsewhere it is a folder of its own.
 *
 * @param link a checkout to take the packages from
 * @throws PluginFileError when `link` is no checkout.
 */
export function findPluginHome(name: string, link: string | undefined, folder: string): PluginHome {
  if (link !== undefined) {
    if (!isCheckout(resolve(folder, link)))
      throw new PluginFileError(`${link} is no checkout of kong-ts: name the folder with packages/core in it`)
    return { kind: 'standalone', folder: join(folder, name), checkout: relative(join(folder, name), resolve(folder, link)) }
  }
  const workspace = findUp(folder, 'pnpm-workspace.yaml')
  return workspace !== undefined && isCheckout(workspace)
    ? { kind: 'workspace', folder: join(workspace, 'examples', name), checkout: workspace }
    : { kind: 'standalone', folder: join(folder, name), checkout: undefined }
}

/** Whether a folder is a checkout of kong-ts, with the packages that a plugin needs. */
export function isCheckout(folder: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'packages', 'core', 'package.json'), 'utf8'))
    return typeof manifest === 'object' && manifest !== null && 'name' in manifest && manifest.name === '@kong-ts/core'
  } catch {
    return false
  }
}

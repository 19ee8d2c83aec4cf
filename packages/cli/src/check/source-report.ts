import { relative } from 'node:path'
import type { Phase } from '@kong-ts/core'
import type { ProtocolName } from '@kong-ts/runtime'
import { findCoreSymbols } from '../source/core-symbols.js'
import { findPdkCalls } from '../source/find-pdk-calls.js'
import { readPluginSource } from '../source/plugin-source.js'
import { findSilentlyRequired } from '../source/silently-required.js'
import { judgeCall } from './judge-call.js'
import type { SourceProblem } from './source-problem.js'

/** A PDK call in a plugin's source. */
export interface CallReport {
  /** As it is written: `kong.request.getHeader`. */
  readonly call: string
  /** Kong's name: `kong.request.get_header`. */
  readonly method: string
  readonly file: string
  readonly line: number
  /** Phases the call runs in, as far as can be told. */
  readonly phases: readonly Phase[]
  /** The protocols that carry it. */
  readonly protocols: readonly ProtocolName[]
}

/** What a plugin's source says that neither its schema nor its dump does. */
export interface SourceReport {
  readonly entry: string
  readonly protocol: ProtocolName
  readonly calls: readonly CallReport[]
  readonly problems: readonly SourceProblem[]
}

/**
 * Looks through the source of a built script for PDK calls that are missing on a protocol or refused in a phase, and fields that are required
 * unawares.
 *
 * @param source the TypeScript file, when it cannot be told from the project
 * @returns `undefined` when there is no source, or none that imports an installed `@kong-ts/core`
 * @throws PluginFileError when `source` is given and does not exist.
 */
export async function reportSource(script: string, source: string | undefined, protocol: ProtocolName): Promise<SourceReport | undefined> {
  const read = readPluginSource(script, source)
  const symbols = read === undefined ? undefined : findCoreSymbols(read)
  if (read === undefined || symbols === undefined) return undefined
  const sites = findPdkCalls(read, symbols).map((site) => ({ ...site, file: fromHere(site.file) }))
  const judged = await Promise.all(sites.map(async (site) => ({ site, ...(await judgeCall(site, protocol)) })))
  const required = findSilentlyRequired(read, symbols).map(({ property, file, line }) => describeRequired(property, fromHere(file), line))
  return {
    entry: fromHere(read.entry),
    protocol,
    calls: judged.map(({ site: { call, method, file, line, phases }, protocols }) => ({ call, method, file, line, phases, protocols })),
    problems: [...required, ...judged.flatMap(({ problems }) => problems)],
  }
}

function fromHere(file: string): string {
  return relative(process.cwd(), file)
}

function describeRequired(property: string, file: string, line: number): SourceProblem {
  return {
    severity: 'warning',
    file,
    line,
    text: `${property}? is a required field of the configuration all the same: "?" leaves no trace at run time. Say @Field({ required: false })`,
  }
}

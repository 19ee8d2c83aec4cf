import { relative } from 'node:path'
import type { Phase } from '@kong-ts/core'
import { PROTOCOL_NAMES, loadPdkSupport, type ProtocolName } from '@kong-ts/runtime'
import { findCoreSymbols } from '../source/core-symbols.js'
import { findPdkCalls, type PdkCallSite } from '../source/find-pdk-calls.js'
import { readPluginSource } from '../source/plugin-source.js'
import { findSilentlyRequired } from '../source/silently-required.js'

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

/** Something to know about a place in the source. */
export interface SourceProblem {
  /** An error is refused by the protocol that is served; a warning happens on some ways through the source; a note on the other protocol. */
  readonly severity: 'error' | 'warning' | 'note'
  readonly file: string
  readonly line: number
  readonly text: string
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
  const remedies = await Promise.all(PROTOCOL_NAMES.map(async (name) => ({ name, remedyFor: await loadPdkSupport(name) })))
  const missing = sites.flatMap((site) =>
    remedies.flatMap(({ name, remedyFor }) => {
      const remedy = remedyFor(site.method)
      return remedy === undefined ? [] : [describeMissing(site, name, remedy, protocol)]
    }),
  )
  const calls = sites.map(({ call, method, file, line, phases }) => ({
    call,
    method,
    file,
    line,
    phases,
    protocols: remedies.filter(({ remedyFor }) => remedyFor(method) === undefined).map(({ name }) => name),
  }))
  const required = findSilentlyRequired(read, symbols).map(({ property, file, line }) => describeRequired(property, fromHere(file), line))
  return { entry: fromHere(read.entry), protocol, calls, problems: [...required, ...sites.flatMap(describePhase), ...missing] }
}

function fromHere(file: string): string {
  return relative(process.cwd(), file)
}

function describeMissing({ call, file, line }: PdkCallSite, name: ProtocolName, remedy: string, served: ProtocolName): SourceProblem {
  const isServed = name === served
  return {
    severity: isServed ? 'error' : 'note',
    file,
    line,
    text: `${call} is missing on ${name}${isServed ? ', which the server speaks' : ''}. ${remedy}`,
  }
}

function describePhase({ call, file, line, phases, allowed, isEnterprise }: PdkCallSite): readonly SourceProblem[] {
  const refused = allowed === undefined ? [] : phases.filter((phase) => !allowed.includes(phase))
  const places = allowed === undefined || allowed.length === 0 ? 'in no phase of an external plugin' : `only in ${allowed.join(', ')}`
  return [
    ...(refused.length === 0
      ? []
      : [{ severity: 'warning', file, line, text: `${call} is refused in ${refused.join(', ')}: Kong allows it ${places}` } as const]),
    ...(isEnterprise ? [{ severity: 'note', file, line, text: `${call} works in Kong Gateway Enterprise only` } as const] : []),
  ]
}

function describeRequired(property: string, file: string, line: number): SourceProblem {
  return {
    severity: 'warning',
    file,
    line,
    text: `${property}? is a required field of the configuration all the same: "?" leaves no trace at run time. Say @Field({ required: false })`,
  }
}

import { relative } from 'node:path'
import type { Phase } from '@kong-ts/core'
import { PROTOCOL_NAMES, loadPdkSupport, type ProtocolName } from '@kong-ts/runtime'
import { findCoreSymbols } from '../source/core-symbols.js'
import { findPdkCalls, rawRefusal, type PdkCallSite } from '../source/find-pdk-calls.js'
import { readPluginSource } from '../source/plugin-source.js'
import { findSilentlyRequired } from '../source/silently-required.js'
import { formatTable } from './format-table.js'

/** A PDK call in a plugin's source. */
export interface CallReport {
  /** Its text in the source, `kong.request.getHeader`. */
  readonly call: string
  /** The name of the function in Kong, `kong.request.get_header`. */
  readonly method: string
  readonly file: string
  readonly line: number
  /** The phases in which the call runs, as far as the source shows. */
  readonly phases: readonly Phase[]
  /** The protocols that carry it. */
  readonly protocols: readonly ProtocolName[]
}

/** A problem at a place in the source. */
export interface SourceProblem {
  /** `error`: the server's protocol, or every protocol, refuses it. `warning`: Kong refuses it in some phase. `note`: the rest. */
  readonly severity: 'error' | 'warning' | 'note'
  readonly file: string
  readonly line: number
  readonly text: string
}

/** What only the source of a plugin shows: neither its schema nor its dump. */
export interface SourceReport {
  readonly entry: string
  readonly protocol: ProtocolName
  readonly calls: readonly CallReport[]
  readonly problems: readonly SourceProblem[]
}

/**
 * Reads the source of a built script. Finds PDK calls that a protocol lacks or a phase forbids, and fields that are required by mistake.
 *
 * @param source the TypeScript file, when the project does not tell it.
 * @returns `undefined` when there is no source, or none that imports an installed `@kong-ts/core`.
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
    text: `${property}? is a required field of the configuration nevertheless: "?" leaves no trace at run time. Write @Field({ required: false })`,
  }
}

/** The protocols that carry a PDK call, and its problems. */
interface Judgement {
  readonly protocols: readonly ProtocolName[]
  readonly problems: readonly SourceProblem[]
}

/** Judges a call for a server that speaks `served`. */
async function judgeCall(site: PdkCallSite, served: ProtocolName): Promise<Judgement> {
  const refusal = await rawRefusal(site.method)
  if (refusal !== undefined) return { protocols: [], problems: [problem(site, 'error', `is refused on every protocol: ${refusal}`)] }
  const remedies = await Promise.all(PROTOCOL_NAMES.map(async (name) => ({ name, remedy: (await loadPdkSupport(name))(site.method) })))
  const missing = remedies.flatMap(({ name, remedy }) => (remedy === undefined ? [] : [describeMissing(site, name, remedy, served)]))
  return {
    protocols: remedies.filter(({ remedy }) => remedy === undefined).map(({ name }) => name),
    problems: [
      ...describePhases(site),
      ...(site.isEnterprise ? [problem(site, 'note', 'works in Kong Gateway Enterprise only')] : []),
      ...missing,
    ],
  }
}

function describePhases(site: PdkCallSite): readonly SourceProblem[] {
  const { phases, allowed } = site
  if (allowed === undefined) return []
  const refused = phases.filter((phase) => !allowed.includes(phase))
  if (refused.length === 0) return []
  const places = allowed.length === 0 ? 'in no phase of an external plugin' : `only in ${allowed.join(', ')}`
  return [problem(site, 'warning', `is refused in ${refused.join(', ')}: Kong allows it ${places}`)]
}

function describeMissing(site: PdkCallSite, name: ProtocolName, remedy: string, served: ProtocolName): SourceProblem {
  return name === served
    ? problem(site, 'error', `is missing on ${name}, which the server speaks. ${remedy}`)
    : problem(site, 'note', `is missing on ${name}. ${remedy}`)
}

function problem({ call, file, line }: PdkCallSite, severity: SourceProblem['severity'], text: string): SourceProblem {
  return { severity, file, line, text: `${call} ${text}` }
}

const HEADINGS = ['call', 'where', 'phases', ...PROTOCOL_NAMES]

/** The lines that `kong-ts check` prints about a plugin's source. */
export function formatSourceReport({ entry, protocol, calls, problems }: SourceReport): readonly string[] {
  return [
    ...(calls.length === 0
      ? [`No PDK calls in ${entry} and what it imports`]
      : [`PDK calls in ${entry} and what it imports; the server speaks ${protocol}:`, '', ...formatTable(HEADINGS, calls.map(row))]),
    ...(problems.length === 0 ? [] : ['', ...problems.map(({ severity, file, line, text }) => `${severity}: ${file}:${line}: ${text}`)]),
  ]
}

function row({ call, file, line, phases, protocols }: CallReport): readonly string[] {
  return [call, `${file}:${line}`, phases.join(', '), ...PROTOCOL_NAMES.map((name) => (protocols.includes(name) ? 'yes' : 'missing'))]
}

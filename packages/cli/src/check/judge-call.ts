import { PROTOCOL_NAMES, loadPdkSupport, type ProtocolName } from '@kong-ts/runtime'
import type { PdkCallSite } from '../source/find-pdk-calls.js'
import { rawRefusal } from '../source/raw-method.js'
import type { SourceProblem } from './source-problem.js'

/** What becomes of a PDK call. */
export interface Judgement {
  /** The protocols that carry it. */
  readonly protocols: readonly ProtocolName[]
  readonly problems: readonly SourceProblem[]
}

/** Judges a call for a server that speaks `served`. */
export async function judgeCall(site: PdkCallSite, served: ProtocolName): Promise<Judgement> {
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

import { PROTOCOL_NAMES } from '@kong-ts/runtime'
import { formatTable } from './format-table.js'
import type { CallReport, SourceReport } from './source-report.js'

const HEADINGS = ['call', 'where', 'phases', ...PROTOCOL_NAMES]

/** What `kong-ts check` prints about a plugin's source. */
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

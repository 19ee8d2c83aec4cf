import { formatCalls } from '../mock-pdk/call-table.js'
import type { PluginTestResult } from './plugin-test-result.js'
import { reportExchange } from './report-exchange.js'

/** What one request did in memory, as a text for whoever wonders about it. */
export function reportRun(result: Omit<PluginTestResult, 'report'>): string {
  const { errors, logLines, pdkCalls } = result
  return [
    reportExchange(result),
    ...errors.map(({ phase, error }) => `${phase} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    formatCalls(pdkCalls),
    ...logLines.map(({ level, text }) => `[${level}] ${text}`),
  ].join('\n')
}

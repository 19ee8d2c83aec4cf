import type { LoadResult } from '../load/load-result.js'
import type { WorkloadName } from '../workloads.js'

/** One measurement of one server. Samples of the same round, workload and connections were taken right after each other. */
export interface Sample {
  readonly server: string
  readonly workload: WorkloadName
  readonly connections: number
  readonly round: number
  readonly result: LoadResult
}

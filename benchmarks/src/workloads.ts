/** What the `bench` plugin does in one event, by the name its `mode` has. */
export interface Workload {
  readonly name: WorkloadName
  /** PDK calls of one event: the load client checks them. */
  readonly calls: number
  readonly text: string
}

export type WorkloadName = (typeof WORKLOAD_NAMES)[number]

export const WORKLOAD_NAMES = ['w0', 'w1', 'w2', 'w3'] as const

export const WORKLOADS: readonly Workload[] = [
  { name: 'w0', calls: 0, text: 'no PDK call' },
  { name: 'w1', calls: 2, text: 'a header read, a header set' },
  { name: 'w2', calls: 10, text: 'method, path, 12 headers, query, client IP, three headers set' },
  { name: 'w3', calls: 2, text: 'a body of 64 KiB read and set' },
]

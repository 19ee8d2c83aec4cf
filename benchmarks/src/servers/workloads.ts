/** What the `bench` plugin does in one event. Its `mode` is the name of the workload. */
export interface Workload {
  readonly name: WorkloadName
  /** Number of PDK calls in one event. The load client checks it. */
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

/** Events before a measurement: after them Node's compiler has optimised the server. */
export const WARM_UP_EVENTS = { w0: 30_000, w1: 15_000, w2: 5_000, w3: 3_000 } as const

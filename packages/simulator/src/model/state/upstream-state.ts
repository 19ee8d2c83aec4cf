/** The address and limits that the balancer uses, at first those of the service. Times are in milliseconds. */
export interface BalancerTarget {
  host: string
  port: number
  retries: number
  connectTimeout: number
  writeTimeout: number
  readTimeout: number
}

/** One attempt to reach a peer, as `tries` of the log record has it. */
export interface BalancerTry {
  ip: string
  readonly port: number
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** True when nginx did not try to connect. */
  readonly unconnected?: boolean
  state?: 'failed' | 'next'
  code?: number
}

/** The variables that Kong's nginx configuration uses for the request to the service. An empty text leaves a header out. */
export class UpstreamState {
  /** `$upstream_scheme`. */
  scheme = ''
  /** `$upstream_uri`: the path. Kong appends the query after the access handlers. */
  uri = ''
  /** `$upstream_host`: the Host header. When it is empty, the balancer chooses it. */
  host = ''
  te = ''
  via = ''
  upgrade = ''
  connection = ''
  forwardedFor = ''
  forwardedProto = ''
  forwardedHost = ''
  forwardedPort = ''
  forwardedPath = ''
  forwardedPrefix: string | undefined = ''
  target: BalancerTarget | undefined
  readonly tries: BalancerTry[] = []
  /** What the balancer hashes the request by. */
  hashKey: string | undefined
  /** `$upstream_status`: the status of each try, separated by commas. */
  status: string | undefined
  /** Whether the service's certificate is verified, when a plugin decided it. */
  tlsVerify: boolean | undefined
}

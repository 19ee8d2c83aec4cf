/** Where the balancer sends the request. */
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
  readonly startedAt: number
  /** No connection was even tried. */
  readonly unconnected?: boolean
  state?: 'failed' | 'next'
  code?: number
}

/** The variables Kong's nginx configuration fills for the request to the service. */
export class UpstreamState {
  /** `$upstream_scheme`. */
  scheme = ''
  /** `$upstream_uri`: path, and after access the query. */
  uri = ''
  /** `$upstream_host`: the Host header, empty to let the balancer choose. */
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
  /** `$upstream_status`: one status per try, comma separated. */
  status: string | undefined
  /** Verification of the service's certificate, when a plugin chose. */
  tlsVerify: boolean | undefined
}

/**
 * The phases that an external plugin can handle, in the order in which Kong runs them for one HTTP request. In the stream subsystem
 * `preread` takes the place of `access`.
 *
 * Kong accepts other names in a dump, but they do not work for an external plugin: `header_filter` and `body_filter` cannot use
 * sockets, `init_worker` and `configure` come without a configuration, `balancer` and `client_hello` are never dispatched.
 */
export const PHASES = ['certificate', 'rewrite', 'access', 'response', 'preread', 'log'] as const

/** One of Kong's phases for external plugins. */
export type Phase = (typeof PHASES)[number]

/** Whether `name` is a phase that an external plugin can handle. */
export function isPhase(name: string): name is Phase {
  return (PHASES as readonly string[]).includes(name)
}

/**
 * Phases in which `kong.response.exit` ends the request, so that a request whose handler failed does not pass. In `preread` it closes the
 * client's connection.
 */
export const PHASES_WITH_RESPONSE: ReadonlySet<Phase> = new Set<Phase>(['rewrite', 'access', 'response', 'preread'])

/** What a plugin server counts. Plain numbers in one object: counting costs nothing, and they can be read at any time. */
export interface Counters {
  /** Events begun since the process started. */
  events: number
  /** Events whose handler failed or passed its deadline. */
  failures: number
  /** Failures that the server answered with 500 or 504 in place of the plugin. */
  failedClosed: number
  /** Failures after which the request went on. */
  failedOpen: number
  /** Events that `kong.response.exit` ended. */
  exits: number
  /** Events that Kong gave up: the connection closed, or an answer never came. */
  lostEvents: number
  /** Lost events whose last PDK call Kong never answered. */
  abandonedEvents: number
  /** Steps of events that were given up, or that belonged to another server. */
  unknownSteps: number
  /** Rejected promises that nobody awaited. */
  unawaitedFailures: number
  /** Connections closed because of bytes that are not a message. */
  protocolErrors: number
  /** Instances started, and configurations refused. */
  instancesStarted: number
  instancesRefused: number
  /** Events that run now. */
  liveEvents: number
  liveInstances: number
  /** Plugin objects: instances of the same configuration share one. */
  livePlugins: number
  /** Bytes of unfinished messages. */
  bufferedBytes: number
  connections: number
}

export function createCounters(): Counters {
  return {
    events: 0,
    failures: 0,
    failedClosed: 0,
    failedOpen: 0,
    exits: 0,
    lostEvents: 0,
    abandonedEvents: 0,
    unknownSteps: 0,
    unawaitedFailures: 0,
    protocolErrors: 0,
    instancesStarted: 0,
    instancesRefused: 0,
    liveEvents: 0,
    liveInstances: 0,
    livePlugins: 0,
    bufferedBytes: 0,
    connections: 0,
  }
}

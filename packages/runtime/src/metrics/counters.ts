/** What a plugin server counts. Plain numbers in one object, so that counting costs nothing and a metrics endpoint can read them at any time. */
export interface Counters {
  /** Events begun, per process life. */
  events: number
  /** Events whose handler failed or passed its deadline. */
  failures: number
  /** Of those, the ones that were answered with 500 or 504 in the plugin's stead. */
  failedClosed: number
  /** Of those, the ones whose request went on. */
  failedOpen: number
  /** Events that `kong.response.exit` ended. */
  exits: number
  /** Events that nobody waited for any more: connections lost, answers that never came. */
  lostEvents: number
  /** Of those, the ones whose last PDK call Kong never answered. */
  abandonedEvents: number
  /** Steps of events that had been given up, or that another server had: answered with 500 where the request had to end. */
  unknownSteps: number
  /** Rejected promises that nobody awaited. */
  unawaitedFailures: number
  /** Connections closed because of bytes that are no message. */
  protocolErrors: number
  /** Instances started, and configurations refused. */
  instancesStarted: number
  instancesRefused: number
  /** Running now. */
  liveEvents: number
  liveInstances: number
  /** Plugin objects: instances of the same configuration share one. */
  livePlugins: number
  /** Bytes kept of messages whose rest has not come. */
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

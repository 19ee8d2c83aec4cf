/** Events before a measurement: enough for Node's compiler to have made its mind up about a server. */
export const WARM_UP_EVENTS = { w0: 30_000, w1: 15_000, w2: 5_000, w3: 3_000 } as const

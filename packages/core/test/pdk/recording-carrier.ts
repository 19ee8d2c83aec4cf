import type { PdkCall } from '../../src/pdk/call/pdk-channel.js'

/** A carrier that keeps what it was handed and answers from a table, nil for everything else. */
export interface RecordingCarrier {
  readonly call: PdkCall
  readonly sent: (readonly [method: string, ...args: readonly unknown[]])[]
}

export function recordingCarrier(answers: Readonly<Record<string, unknown>> = {}): RecordingCarrier {
  const sent: [string, ...unknown[]][] = []
  return {
    sent,
    call: async (method, args) => {
      sent.push([method, ...args])
      return answers[method]
    },
  }
}

import { isRecord } from '../../model/corpus/normalise.js'
import type { RecordedSession } from './session-recording.js'

/** A plugin of a recorded session, as far as the session tells. */
export interface PlayedPlugin {
  readonly name: string
  readonly id: string
  readonly phases: readonly string[]
  /** Its own part of the first configuration. */
  readonly config: Readonly<Record<string, unknown>>
  readonly route: string | undefined
}

const KEYS_OF_KONG = /^__|^(?:route|service|consumer)_id$|^plugin_instance_name$/

/** The plugins of a session, with the phases Kong ran and the configuration each was first started with. */
export function playedPlugins({ steps }: RecordedSession): PlayedPlugin[] {
  const turns = steps.flatMap((step) => step.turns)
  return [...new Set(turns.map(({ plugin }) => plugin))].map((name) => {
    const own = turns.filter(({ plugin }) => plugin === name).map(({ kong }) => kong)
    const first = own.find(({ kind }) => kind === 'start')?.config
    const config = isRecord(first) ? first : {}
    const route = config['route_id']
    return {
      name,
      id: String(config['__plugin_id']),
      phases: [...new Set(own.filter(({ kind }) => kind === 'event').map(({ about }) => about.split(' ', 1)[0] ?? ''))],
      config: Object.fromEntries(Object.entries(config).filter(([key]) => !KEYS_OF_KONG.test(key))),
      route: typeof route === 'string' ? route : undefined,
    }
  })
}

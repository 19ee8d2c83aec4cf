import { KongTsError } from '@kong-ts/core'
import type { TestEntity } from '../../exchange/test-entities.js'
import { ServiceMessage } from '../../exchange/test-message.js'

/** The entities that one run of a scenario needs in Kong. */
export interface ScenarioEntities {
  readonly route: TestEntity | null | undefined
  readonly service: TestEntity | null | undefined
  readonly consumers: readonly TestEntity[]
  readonly plugins: readonly TestEntity[]
}

/** The header with the key of the consumer that makes a request. */
export const KEY_HEADER = 'x-kong-ts-key'

/** The key-auth that finds the consumers of a scenario. */
const KEY_AUTH: TestEntity = { name: 'key-auth', config: { key_names: [KEY_HEADER], key_in_query: false, key_in_body: false } }

/** The consumers of a scenario, each with a key. */
export class ScenarioConsumers {
  readonly #byName = new Map<string, TestEntity>()

  /** @throws KongTsError (ERR_TEST) for a consumer without username and custom_id. */
  constructor(consumers: readonly TestEntity[]) {
    for (const consumer of consumers) this.add(consumer)
  }

  get all(): readonly TestEntity[] {
    return [...this.#byName.values()]
  }

  /** @returns the consumer's key. */
  add(consumer: TestEntity): string {
    const name = consumer['username'] ?? consumer['custom_id']
    if (typeof name !== 'string')
      throw new KongTsError('ERR_TEST', `the consumer ${JSON.stringify(consumer)} has no name: give it a username`)
    const own = consumer['keyauth_credentials']
    this.#byName.set(name, { ...consumer, keyauth_credentials: [...(Array.isArray(own) ? own : []), { key: keyOf(name) }] })
    return keyOf(name)
  }

  /** The key of a consumer by its name. @throws KongTsError (ERR_TEST) when there is none. */
  key(name: string): string {
    if (this.#byName.has(name)) return keyOf(name)
    const known = [...this.#byName.keys()].join(', ') || 'none'
    throw new KongTsError('ERR_TEST', `the scenario has no consumer ${name}, only ${known}: list it in the scenario's consumers`)
  }
}

/**
 * Puts key-auth before the plugins, for a request of a consumer.
 *
 * @throws KongTsError (ERR_TEST) when the scenario has a key-auth of its own: Kong does not accept a second one.
 */
export function withKeyAuth(plugins: readonly TestEntity[]): readonly TestEntity[] {
  if (plugins.some(({ name }) => name === 'key-auth'))
    throw new KongTsError(
      'ERR_TEST',
      'consumer() adds a key-auth, and this scenario has one already: send the key of yours in a header instead',
    )
  return [KEY_AUTH, ...plugins]
}

/** The request without the key of the consumer, which a service would not get. */
export function withoutKey({ method, target, headerLines, body }: ServiceMessage): ServiceMessage {
  return new ServiceMessage(
    method,
    target,
    headerLines.filter(([name]) => name.toLowerCase() !== KEY_HEADER),
    body,
  )
}

function keyOf(name: string): string {
  return `kong-ts-${Buffer.from(name, 'utf8').toString('base64url')}`
}

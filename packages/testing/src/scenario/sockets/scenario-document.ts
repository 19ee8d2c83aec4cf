import { isIP } from 'node:net'
import { KongTsError } from '@kong-ts/core'
import type { PluginDefinition } from '@kong-ts/core/server'
import type { JsonRecord } from '@kong-ts/simulator'
import { PLUGIN_ID } from '../../plugin-test/create-plugin-test.js'
import { testRoute, testService, type TestEntity } from '../../exchange/test-entities.js'
import type { ScenarioEntities } from '../stage/scenario-entities.js'

/** The parts of a scenario's declarative config. */
export interface DocumentSource {
  readonly definition: PluginDefinition
  readonly config: JsonRecord | undefined
  readonly entities: ScenarioEntities
  /** `host:port` under which Kong reaches the scenario's upstream. */
  readonly target: string
}

/**
 * The declarative config of a run. The service keeps its name and host. An upstream of that name leads to the scenario's own server, so that
 * plugins and service see what they see in memory.
 *
 * @throws KongTsError (ERR_TEST) for a service that the scenario's own server cannot replace.
 */
export function scenarioDocument({ definition, config = {}, entities, target }: DocumentSource): JsonRecord {
  const service = testService(entities.service)
  const route = testRoute(entities.route)
  const plugin = { id: PLUGIN_ID, name: definition.name, config }
  const global = isGlobal(definition)
  const routes = route === undefined ? [] : [{ ...route, plugins: [...entities.plugins, ...(global ? [] : [plugin])] }]
  return {
    _format_version: '3.0',
    services: service === undefined ? [] : [{ ...service, routes }],
    routes: service === undefined ? routes : [],
    plugins: global ? [plugin] : [],
    consumers: entities.consumers,
    upstreams: service === undefined ? [] : [upstreamOf(service, target)],
  }
}

/** In rewrite and certificate Kong does not know the route yet, so it runs only plugins that belong to no route. */
function isGlobal({ phases }: PluginDefinition): boolean {
  return phases.has('rewrite') || phases.has('certificate')
}

function upstreamOf({ host, protocol = 'http' }: TestEntity, target: string): JsonRecord {
  if (protocol !== 'http')
    throw new KongTsError('ERR_TEST', `a service that speaks ${String(protocol)} cannot be replaced through sockets: use http`)
  if (typeof host !== 'string' || isIP(host) !== 0)
    throw new KongTsError('ERR_TEST', `a service at ${String(host)} cannot be replaced through sockets: give it a host name`)
  return { name: host, host_header: host, targets: [{ target }] }
}

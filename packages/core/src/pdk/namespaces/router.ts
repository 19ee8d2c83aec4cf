import type { Route, Service } from '../values/entities.js'
import { CHANNEL, PdkNamespace } from '../call/pdk-channel.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'

const METHODS = PDK_METHODS.router

/** `kong.router`: the route and the service of the request. */
export class Router extends PdkNamespace {
  /**
   * Gives the route that matched the request.
   *
   * @returns the route, `undefined` when none matched
   * @kong kong.router.get_route (access, response, log)
   */
  getRoute(): Promise<Route | undefined> {
    return this[CHANNEL].send(METHODS.getRoute, [])
  }

  /**
   * Gives the service of the route that matched the request.
   *
   * @returns the service, `undefined` when the route has none or no route matched
   * @kong kong.router.get_service (access, response, log)
   */
  getService(): Promise<Service | undefined> {
    return this[CHANNEL].send(METHODS.getService, [])
  }
}

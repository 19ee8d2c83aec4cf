import type { Phase } from '../phase/phase.js'
import { CHANNEL, PdkChannel, type PdkCall, type PdkOptions } from './call/pdk-channel.js'
import { rawCall } from './methods/raw-call.js'
import { Client } from './namespaces/client.js'
import { Ctx } from './namespaces/ctx.js'
import { EnterpriseEdition } from './namespaces/enterprise-edition.js'
import { Cluster, Ip, Node, PluginNamespace } from './namespaces/gateway.js'
import { Log, Telemetry } from './namespaces/log.js'
import { Nginx } from './namespaces/nginx.js'
import { Request } from './namespaces/request.js'
import { Response } from './namespaces/response.js'
import { Router } from './namespaces/router.js'
import { ServiceNamespace } from './namespaces/service.js'
import { Vault } from './namespaces/vault.js'

/** Key of the namespaces that were made: a symbol, so that no handler meets it by chance. */
export const NAMESPACES = Symbol('kong-ts.pdk-namespaces')

/** Made when first used: most handlers use two or three of them. */
class Namespaces {
  client: Client | undefined
  cluster: Cluster | undefined
  ctx: Ctx | undefined
  enterpriseEdition: EnterpriseEdition | undefined
  ip: Ip | undefined
  log: Log | undefined
  nginx: Nginx | undefined
  node: Node | undefined
  plugin: PluginNamespace | undefined
  request: Request | undefined
  response: Response | undefined
  router: Router | undefined
  service: ServiceNamespace | undefined
  telemetry: Telemetry | undefined
  vault: Vault | undefined
}

const NO_OPTIONS: PdkOptions = {}

/**
 * Kong's plugin development kit, as a phase handler gets it: one namespace for each of Kong's, methods named as in Kong but in camelCase.
 *
 * Every method answers with a promise. Calls are sent in the order in which they are made, awaited or not. A call in a phase in which Kong
 * raises is refused with `PdkPhaseError`, arguments on which Kong raises with `PdkArgumentError`, before anything is sent. Lua's nil is
 * `undefined`.
 */
export class PDK {
  readonly [CHANNEL]: PdkChannel
  readonly [NAMESPACES]: Namespaces

  /**
   * @param call carries the calls to Kong
   * @param options the phase the calls belong to, and what else the carrier has to say
   */
  constructor(call: PdkCall, options: PdkOptions = NO_OPTIONS) {
    this[CHANNEL] = new PdkChannel(call, options)
    this[NAMESPACES] = new Namespaces()
  }

  /** The phase the handler runs in; `undefined` where there is none, such as outside an event. */
  get phase(): Phase | undefined {
    return this[CHANNEL].phase
  }

  /**
   * Is aborted when the event is over or its deadline has passed: pass it to `fetch`, timers and whatever else should stop then. It never
   * is where there is no event, such as in a PDK made by hand.
   */
  get signal(): AbortSignal {
    return this[CHANNEL].options.signal?.() ?? new AbortController().signal
  }

  /** `kong.client`: who sent the request. */
  get client(): Client {
    return (this[NAMESPACES].client ??= new Client(this[CHANNEL]))
  }

  /** `kong.cluster`: the nodes that work together. */
  get cluster(): Cluster {
    return (this[NAMESPACES].cluster ??= new Cluster(this[CHANNEL]))
  }

  /** `kong.ctx`: data of the request. */
  get ctx(): Ctx {
    return (this[NAMESPACES].ctx ??= new Ctx(this[CHANNEL]))
  }

  /** `kong.enterprise_edition`: what only Kong Gateway Enterprise has. */
  get enterpriseEdition(): EnterpriseEdition {
    return (this[NAMESPACES].enterpriseEdition ??= new EnterpriseEdition(this[CHANNEL]))
  }

  /** `kong.ip`: which peers Kong trusts. */
  get ip(): Ip {
    return (this[NAMESPACES].ip ??= new Ip(this[CHANNEL]))
  }

  /** `kong.log`: lines in Kong's error log, and the log record of the request. */
  get log(): Log {
    return (this[NAMESPACES].log ??= new Log(this[CHANNEL]))
  }

  /** `kong.nginx`: the nginx under Kong. */
  get nginx(): Nginx {
    return (this[NAMESPACES].nginx ??= new Nginx(this[CHANNEL]))
  }

  /** `kong.node`: the node that handles the request. */
  get node(): Node {
    return (this[NAMESPACES].node ??= new Node(this[CHANNEL]))
  }

  /** `kong.plugin`: the plugin that runs. */
  get plugin(): PluginNamespace {
    return (this[NAMESPACES].plugin ??= new PluginNamespace(this[CHANNEL]))
  }

  /** `kong.request`: the request as the client sent it. */
  get request(): Request {
    return (this[NAMESPACES].request ??= new Request(this[CHANNEL]))
  }

  /** `kong.response`: the response to the client. */
  get response(): Response {
    return (this[NAMESPACES].response ??= new Response(this[CHANNEL]))
  }

  /** `kong.router`: where the request goes. */
  get router(): Router {
    return (this[NAMESPACES].router ??= new Router(this[CHANNEL]))
  }

  /** `kong.service`: the connection to the service. */
  get service(): ServiceNamespace {
    return (this[NAMESPACES].service ??= new ServiceNamespace(this[CHANNEL]))
  }

  /** `kong.telemetry`: OpenTelemetry logs. */
  get telemetry(): Telemetry {
    return (this[NAMESPACES].telemetry ??= new Telemetry(this[CHANNEL]))
  }

  /** `kong.vault`: secrets by reference. */
  get vault(): Vault {
    return (this[NAMESPACES].vault ??= new Vault(this[CHANNEL]))
  }

  /**
   * Calls a function of Kong by its name, for what is not typed here. Names that are typed are checked as the typed method does; names that
   * are known to break Kong are refused with `PdkArgumentError`. Kong logs an error line and answers nothing for a name it does not know.
   *
   * @param name Kong's name, for example `kong.request.get_header`
   * @param args plain data; `undefined` and `null` are nil
   * @returns Kong's answer as it came, `undefined` for nil
   */
  raw(name: `kong.${string}`, ...args: readonly unknown[]): Promise<unknown> {
    return rawCall(this[CHANNEL], name, args)
  }
}

import type { Phase } from '../phase/phase.js'
import { CHANNEL, PdkChannel, type PdkCall, type PdkOptions } from './call/pdk-channel.js'
import { rawCall } from './methods/raw-call.js'
import { Client } from './namespaces/client.js'
import { Ctx } from './namespaces/ctx.js'
import { EnterpriseEdition } from './namespaces/enterprise-edition.js'
import { Cluster, Ip, Node, PluginNamespace, Nginx } from './namespaces/gateway.js'
import { Log, Telemetry } from './namespaces/log.js'
import { Request } from './namespaces/request.js'
import { Response } from './namespaces/response.js'
import { Router } from './namespaces/router.js'
import { ServiceNamespace } from './namespaces/service.js'
import { Vault } from './namespaces/vault.js'

/** Key of the namespaces that were made so far. It is a symbol, so that editors do not offer it to plugins. */
export const NAMESPACES = Symbol('kong-ts.pdk-namespaces')

/** The namespaces, each made when it is first used. Most handlers use two or three. */
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
 * Kong's plugin development kit: one member for each namespace of Kong, methods named as in Kong but in camelCase.
 *
 * Every method returns a promise. Calls are sent in the order in which they are made, whether they are awaited or not. When Kong would
 * raise on a call, it is not sent: the promise rejects with `PdkPhaseError` for a wrong phase and with `PdkArgumentError` for a wrong
 * argument. nil in Lua is `undefined` here.
 */
export class PDK {
  readonly [CHANNEL]: PdkChannel
  readonly [NAMESPACES]: Namespaces

  /**
   * @param call carries the calls to Kong
   * @param options the phase of the calls, and where refused calls are reported
   */
  constructor(call: PdkCall, options: PdkOptions = NO_OPTIONS) {
    this[CHANNEL] = new PdkChannel(call, options)
    this[NAMESPACES] = new Namespaces()
  }

  /** The phase in which the handler runs; `undefined` outside an event. */
  get phase(): Phase | undefined {
    return this[CHANNEL].phase
  }

  /**
   * A signal that is aborted when the event is over, also because its deadline has passed. Pass it to `fetch`, timers and other work that
   * should stop then. In a PDK without an event it is never aborted.
   */
  get signal(): AbortSignal {
    return this[CHANNEL].options.signal?.() ?? new AbortController().signal
  }

  /** `kong.client`: the client that sent the request, its consumer and credential. */
  get client(): Client {
    return (this[NAMESPACES].client ??= new Client(this[CHANNEL]))
  }

  /** `kong.cluster`: the Kong nodes that share one database. */
  get cluster(): Cluster {
    return (this[NAMESPACES].cluster ??= new Cluster(this[CHANNEL]))
  }

  /** `kong.ctx`: values that last as long as the request. */
  get ctx(): Ctx {
    return (this[NAMESPACES].ctx ??= new Ctx(this[CHANNEL]))
  }

  /** `kong.enterprise_edition`: functions that only Kong Gateway Enterprise has. */
  get enterpriseEdition(): EnterpriseEdition {
    return (this[NAMESPACES].enterpriseEdition ??= new EnterpriseEdition(this[CHANNEL]))
  }

  /** `kong.ip`: the addresses that Kong trusts. */
  get ip(): Ip {
    return (this[NAMESPACES].ip ??= new Ip(this[CHANNEL]))
  }

  /** `kong.log`: lines in Kong's error log, and the log record of the request. */
  get log(): Log {
    return (this[NAMESPACES].log ??= new Log(this[CHANNEL]))
  }

  /** `kong.nginx`: the nginx that Kong runs in. */
  get nginx(): Nginx {
    return (this[NAMESPACES].nginx ??= new Nginx(this[CHANNEL]))
  }

  /** `kong.node`: the Kong node that handles the request. */
  get node(): Node {
    return (this[NAMESPACES].node ??= new Node(this[CHANNEL]))
  }

  /** `kong.plugin`: the plugin configuration that runs. */
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

  /** `kong.router`: the route and the service of the request. */
  get router(): Router {
    return (this[NAMESPACES].router ??= new Router(this[CHANNEL]))
  }

  /** `kong.service`: the connection from Kong to the service. */
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
   * Calls a function of Kong by its name. Use it for functions that have no method here.
   *
   * A function that has one is checked as that method checks it. Names that no external plugin can use are refused with `PdkArgumentError`,
   * which tells why. For a name that Kong does not know, it logs an error line and answers nothing; over ProtoBuf:1 such a call is refused.
   *
   * @param name the name in Kong, for example `kong.request.get_header`
   * @param args plain data; `undefined` and `null` are nil
   * @returns the answer of Kong without conversion, `undefined` for nil
   */
  raw(name: `kong.${string}`, ...args: readonly unknown[]): Promise<unknown> {
    return rawCall(this[CHANNEL], name, args)
  }
}

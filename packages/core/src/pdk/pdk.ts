import type { Phase } from '../definition/phase.js'
import { ResponseExit } from '../dispatch/response-exit.js'
import type { PdkCall } from './pdk-call.js'

/** Kong's PDK for one event. */
export class PDK {
  readonly phase: Phase | undefined
  readonly client: Client
  readonly request: Request
  readonly response: Response
  readonly log: Log

  constructor(call: PdkCall, phase?: Phase) {
    this.phase = phase
    this.client = new Client(call)
    this.request = new Request(call)
    this.response = new Response(call)
    this.log = new Log(call)
  }
}

abstract class Namespace {
  protected readonly call: PdkCall

  constructor(call: PdkCall) {
    this.call = call
  }
}

export class Client extends Namespace {
  getIp(): Promise<string> {
    return this.call('kong.client.get_ip', []) as Promise<string>
  }
}

export class Request extends Namespace {
  getHeader(name: string): Promise<string | undefined> {
    return this.call('kong.request.get_header', [name]) as Promise<string | undefined>
  }
}

export class Response extends Namespace {
  setHeader(name: string, value: string): Promise<void> {
    return this.call('kong.response.set_header', [name, value]) as Promise<void>
  }

  async exit(status: number, body?: string, headers?: Readonly<Record<string, string>>): Promise<never> {
    await this.call('kong.response.exit', [status, body ?? '', headers ?? {}])
    throw new ResponseExit()
  }
}

export class Log extends Namespace {
  serialize(): Promise<unknown> {
    return this.call('kong.log.serialize', []).then((text) => (typeof text === 'string' ? JSON.parse(text) : undefined) as unknown)
  }

  notice(...args: readonly unknown[]): Promise<void> {
    return this.call('kong.log.notice', args) as Promise<void>
  }
}

import { KongTsError } from '@kong-ts/core'
import { reportExchange } from '../../plugin-test/report-exchange.js'
import type { ServiceMessage, TestResponse } from '../../plugin-test/test-message.js'
import type { ScenarioPlace } from '../scenario-place.js'
import type { ScenarioResult } from '../scenario-result.js'

/** What can be seen of a request from outside Kong. */
export class SocketResult implements ScenarioResult {
  constructor(
    readonly place: ScenarioPlace,
    readonly response: TestResponse | undefined,
    readonly serviceRequests: readonly ServiceMessage[],
    private readonly log: () => readonly string[] | undefined,
  ) {}

  get connection(): 'response' | 'closed' {
    return this.response === undefined ? 'closed' : 'response'
  }

  get serviceRequest(): ServiceMessage | undefined {
    return this.serviceRequests.at(-1)
  }

  get exited(): boolean {
    return this.response !== undefined && this.serviceRequests.length === 0
  }

  get phases(): never {
    return this.unseen('phases')
  }

  get pdkCalls(): never {
    return this.unseen('pdkCalls')
  }

  get logLines(): never {
    return this.unseen('logLines')
  }

  get serialized(): never {
    return this.unseen('serialized')
  }

  get errors(): never {
    return this.unseen('errors')
  }

  report(): string {
    const log = this.log() ?? [`Kong's error.log tells more: it cannot be seen in ${this.place}`]
    return [reportExchange(this), ...log].join('\n')
  }

  private unseen(part: string): never {
    throw new KongTsError(
      'ERR_TEST',
      `${part} cannot be seen in ${this.place}: Kong and the plugin server are other processes there. ` +
        `Ask for it only where scenario.place is 'memory', or look at response and serviceRequest`,
    )
  }
}

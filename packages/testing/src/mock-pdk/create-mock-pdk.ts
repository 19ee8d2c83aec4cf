import { KongTsError, PDK, type Phase } from '@kong-ts/core'
import { createConnection, createTransaction, type KongNodeOptions, type KongTransaction } from '@kong-ts/simulator'
import { createTestKong, type TestEntities } from '../plugin-test/test-entities.js'
import { clientRequest, type TestRequest } from '../plugin-test/test-request.js'
import type { TestUpstreamResponse } from '../plugin-test/test-upstream.js'
import { serviceResponse } from '../plugin-test/test-upstream.js'
import type { CallExpectation } from './call-expectation.js'
import { CallHistory } from './call-history.js'
import type { PdkCallRecord } from './pdk-call-record.js'
import { pdkMethodName, type NamedPdkMethod } from './pdk-method-name.js'
import { simulatedEvent } from './simulated-calls.js'
import { Stubs } from './stubs.js'

/** Where in which request a mock PDK stands. */
export interface MockPdkOptions extends TestEntities {
  /** `access` by default. */
  readonly phase?: Phase
  readonly request?: TestRequest
  /** What the service answered, for the response and log phases. */
  readonly upstream?: TestUpstreamResponse
  readonly plugin?: { readonly name: string; readonly id: string }
  readonly node?: KongNodeOptions
}

/** A PDK for handlers that a test calls itself, backed by the simulated Kong. */
export interface MockPdk {
  /** To be passed to the handler. */
  readonly kong: PDK
  /** Every call in order. */
  readonly pdkCalls: readonly PdkCallRecord[]
  /**
   * Answers a PDK function in Kong's stead: a value, or a function of the arguments.
   * @throws KongTsError (ERR_TEST) for a name the PDK does not have, see {@link rawPdkMethod}.
   */
  stub(method: NamedPdkMethod, answer: unknown): this
  /**
   * Expects a call, checked by `assertDone`: `expectCall('kong.response.set_header').with('x-a', '1').times(1)`.
   * @throws KongTsError (ERR_TEST) for a name the PDK does not have, see {@link rawPdkMethod}.
   */
  expectCall(method: NamedPdkMethod): CallExpectation
  /** @throws KongTsError (ERR_TEST) with a table of expected and made calls when an expectation is not met. */
  assertDone(): void
}

/** Makes a PDK that stands in one phase of one request, with everything before it done as a Kong without other plugins does it. */
export function createMockPdk(options: MockPdkOptions = {}): MockPdk {
  const phase = options.phase ?? 'access'
  const history = new CallHistory()
  const stubs = new Stubs()
  const transaction = advance(options, phase)
  const plugin = options.plugin ?? { name: 'mock-plugin', id: '00000000-0000-4000-8000-0000000000a1' }
  const calls = simulatedEvent({
    transaction,
    plugin,
    phase: { phase, handler: '', failOpen: false, timeout: 0 },
    stubs,
    record: history.record,
  })
  return {
    kong: new PDK(calls.call, { phase }),
    pdkCalls: history.calls,
    stub(method, answer) {
      stubs.set(pdkMethodName(method), answer)
      return this
    },
    expectCall: (method) => history.expectCall(pdkMethodName(method)),
    assertDone: () => history.assertDone(),
  }
}

/** Takes a request, or a connection, to the beginning of a phase. */
function advance(options: MockPdkOptions, phase: Phase): Pick<KongTransaction, 'pdkCall'> {
  const { node, router, routes } = createTestKong(options, options.node ?? {})
  const request = clientRequest(options.request ?? {})
  if (phase === 'certificate' || phase === 'preread') {
    const connection = createConnection(node, request)
    const [matched] = routes
    if (matched) connection.routed(matched.route, matched.service)
    connection.enter(phase)
    return connection
  }
  const transaction = createTransaction(node, request)
  transaction.buffered = phase === 'response'
  for (let step = transaction.next(); step.do !== 'done'; step = transaction.next()) {
    if (step.do === 'phase' && step.phase === phase) return transaction
    if (step.do === 'route') transaction.routed(router.match(step.question))
    else if (step.do === 'proxy') transaction.serviceAnswered(serviceResponse(options.upstream ?? {}, step.request.method))
  }
  throw new KongTsError('ERR_TEST', `this request never gets to the ${phase} phase: give it a route and service that let it through`)
}

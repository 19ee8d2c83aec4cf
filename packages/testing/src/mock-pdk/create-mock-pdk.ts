import { KongTsError, PDK, type Phase } from '@kong-ts/core'
import { createConnection, createTransaction, type KongNodeOptions, type KongTransaction } from '@kong-ts/simulator'
import { createTestKong, type TestEntities } from '../exchange/test-entities.js'
import { clientRequest, type TestRequest } from '../exchange/test-request.js'
import { serviceResponse, type TestUpstreamResponse } from '../exchange/test-upstream.js'
import { CallHistory, type CallExpectation } from './call-history.js'
import type { PdkCallRecord } from './pdk-call-record.js'
import { pdkMethodName, type NamedPdkMethod } from './pdk-method-name.js'
import { simulatedEvent, Stubs } from './simulated-calls.js'

/** The request and the phase in which a mock PDK stands. */
export interface MockPdkOptions extends TestEntities {
  /** `access` by default. */
  readonly phase?: Phase
  readonly request?: TestRequest
  /** The service's answer, for the response and log phases. */
  readonly upstream?: TestUpstreamResponse
  readonly plugin?: { readonly name: string; readonly id: string }
  readonly node?: KongNodeOptions
}

/** A PDK for handlers that a test calls itself. The simulated Kong answers its calls. */
export interface MockPdk {
  /** The argument for the handler. */
  readonly kong: PDK
  /** Every call in order. */
  readonly pdkCalls: readonly PdkCallRecord[]
  /**
   * Answers calls of a PDK function instead of Kong.
   *
   * @param method the function's name in Kong, `kong.client.get_ip`.
   * @param answer a value, or a function of the arguments.
   * @throws KongTsError (ERR_TEST) for a name the PDK does not have, see {@link rawPdkMethod}.
   */
  stub(method: NamedPdkMethod, answer: unknown): this
  /**
   * Expects a call: `expectCall('kong.response.set_header').with('x-a', '1').times(1)`. `assertDone` checks it.
   *
   * @throws KongTsError (ERR_TEST) for a name the PDK does not have, see {@link rawPdkMethod}.
   */
  expectCall(method: NamedPdkMethod): CallExpectation
  /** @throws KongTsError (ERR_TEST) with a table of expected and made calls when an expectation is not met. */
  assertDone(): void
}

/**
 * Makes a PDK that stands in one phase of one request. Everything before that phase has happened as in a Kong without other plugins.
 *
 * @throws KongTsError (ERR_TEST) when the request does not reach the phase.
 */
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
  throw new KongTsError('ERR_TEST', `this request never gets to the ${phase} phase: give it a route and a service that let it through`)
}

// A plugin in memory.
export { createPluginTest, type PluginTest, type PluginTestOptions } from './plugin-test/create-plugin-test.js'
export type { PendingRequest } from './plugin-test/pending-request.js'
export type { ConnectionTestResult, PendingConnection, TestConnection } from './plugin-test/pending-connection.js'
export type { HandlerError, PluginTestResult } from './plugin-test/plugin-test-result.js'
export type { TestHeaders, TestRequest } from './exchange/test-request.js'
export type { ServiceMessage, TestMessage, TestResponse, TestServiceRequest } from './exchange/test-message.js'
export type { TestUpstream, TestUpstreamResponse } from './exchange/test-upstream.js'
export type { TestEntities, TestEntity } from './exchange/test-entities.js'
export type { ConnectionTarget, KongNodeOptions, LogLine, ServiceFailure } from '@kong-ts/simulator'
export type { ProviderOverride } from '@kong-ts/core/server'

// A PDK for a handler that a test calls itself.
export { createMockPdk, type MockPdk, type MockPdkOptions } from './mock-pdk/create-mock-pdk.js'
export type { CallExpectation } from './mock-pdk/call-history.js'
export { rawPdkMethod, type NamedPdkMethod, type PdkMethodName, type RawPdkMethod } from './mock-pdk/pdk-method-name.js'
export type { PdkCallRecord } from './mock-pdk/pdk-call-record.js'

// Matchers for `expect` of vitest and jest.
export {
  pluginTestMatchers,
  type MatcherResult,
  type PluginTestExpectations,
  type PluginTestMatchers,
} from './matchers/plugin-test-matchers.js'

// One test in memory, through sockets, and in a real Kong.
export { createScenario, type Scenario } from './scenario/create-scenario.js'
export type { PendingScenario } from './scenario/pending-scenario.js'
export { scenarioPlaces, type KongAddress, type ScenarioOptions, type ScenarioPlace } from './scenario/stage/scenario-options.js'
export type { ScenarioResult, ScenarioUpstream } from './scenario/stage/scenario-stage.js'

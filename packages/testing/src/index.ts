export { createPluginTest, type PluginTest, type PluginTestOptions } from './plugin-test/create-plugin-test.js'
export type { ConnectionTestResult, PendingConnection, TestConnection } from './plugin-test/pending-connection.js'
export type { PendingRequest } from './plugin-test/pending-request.js'
export type { HandlerError, PluginTestResult } from './plugin-test/plugin-test-result.js'
export type { ServiceMessage, TestMessage, TestResponse, TestServiceRequest } from './plugin-test/test-message.js'
export type { TestHeaders, TestRequest } from './plugin-test/test-request.js'
export type { TestUpstream, TestUpstreamResponse } from './plugin-test/test-upstream.js'
export type { TestEntities, TestEntity } from './plugin-test/test-entities.js'
export { createMockPdk, type MockPdk, type MockPdkOptions } from './mock-pdk/create-mock-pdk.js'
export type { CallExpectation } from './mock-pdk/call-expectation.js'
export { rawPdkMethod, type NamedPdkMethod, type PdkMethodName, type RawPdkMethod } from './mock-pdk/pdk-method-name.js'
export type { PdkCallRecord } from './mock-pdk/pdk-call-record.js'
export {
  pluginTestMatchers,
  type MatcherResult,
  type PluginTestExpectations,
  type PluginTestMatchers,
} from './plugin-test/plugin-test-matchers.js'
export type { ConnectionTarget, KongNodeOptions, LogLine, ServiceFailure } from '@kong-ts/simulator'
export { createScenario, type Scenario } from './scenario/create-scenario.js'
export type { ScenarioOptions } from './scenario/scenario-options.js'
export { scenarioPlaces, type ScenarioPlace } from './scenario/scenario-place.js'
export type { PendingScenario } from './scenario/pending-scenario.js'
export type { ScenarioResult } from './scenario/scenario-result.js'
export type { ScenarioUpstream } from './scenario/scenario-upstream.js'
export type { KongAddress } from './scenario/kong/kong-address.js'

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
export type { ConnectionTarget, KongNodeOptions, LogLine, ServiceFailure } from './kong/index.js'

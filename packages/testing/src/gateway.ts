// The simulated gateway, for tests of several plugins and routes together.
export {
  GatewayConfigError,
  GatewayStartError,
  readKongConf,
  startGateway,
  startGatewayFromConf,
  type Gateway,
  type GatewayLog,
  type GatewayLogLevel,
  type GatewayOptions,
  type KongConf,
  type PluginServerSettings,
} from '@kong-ts/simulator/gateway'

import { GatewayStartError } from '../report/gateway-report.js'

/** Checks the names of the setting `plugins`. @throws GatewayStartError for a plugin that is not installed: Kong does not start with it. */
export function checkInstalled(enabled: readonly string[], served: ReadonlyMap<string, unknown>): void {
  const missing = enabled.find((name) => name !== 'bundled' && name !== 'off' && !KONG_PLUGIN_NAMES.has(name) && !served.has(name))
  if (missing === undefined) return
  const offered = [...served.keys()].join(', ') || 'none'
  throw new GatewayStartError(`the plugin "${missing}" is enabled but not installed; plugin servers offer: ${offered}`)
}

/** Names of the plugins that come with Kong. Those that are not simulated have no effect here, with a warning. */
export const KONG_PLUGIN_NAMES: ReadonlySet<string> = new Set([
  'acl',
  'acme',
  'ai-prompt-decorator',
  'ai-prompt-guard',
  'ai-prompt-template',
  'ai-proxy',
  'ai-request-transformer',
  'ai-response-transformer',
  'aws-lambda',
  'azure-functions',
  'basic-auth',
  'bot-detection',
  'correlation-id',
  'cors',
  'datadog',
  'file-log',
  'grpc-gateway',
  'grpc-web',
  'hmac-auth',
  'http-log',
  'ip-restriction',
  'jwt',
  'key-auth',
  'ldap-auth',
  'loggly',
  'oauth2',
  'opentelemetry',
  'post-function',
  'pre-function',
  'prometheus',
  'proxy-cache',
  'rate-limiting',
  'redirect',
  'request-size-limiting',
  'request-termination',
  'request-transformer',
  'response-ratelimiting',
  'response-transformer',
  'session',
  'standard-webhooks',
  'statsd',
  'syslog',
  'tcp-log',
  'udp-log',
  'zipkin',
])

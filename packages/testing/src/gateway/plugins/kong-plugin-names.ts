/** Names of the plugins that come with Kong. One that is not simulated has no effect; it is no unknown plugin either. */
export const KONG_PLUGIN_NAMES: ReadonlySet<string> = new Set([
  'acl', 'acme', 'ai-prompt-decorator', 'ai-prompt-guard', 'ai-prompt-template', 'ai-proxy', 'ai-request-transformer', 'ai-response-transformer',
  'aws-lambda', 'azure-functions', 'basic-auth', 'bot-detection', 'correlation-id', 'cors', 'datadog', 'file-log', 'grpc-gateway', 'grpc-web',
  'hmac-auth', 'http-log', 'ip-restriction', 'jwt', 'key-auth', 'ldap-auth', 'loggly', 'oauth2', 'opentelemetry', 'post-function', 'pre-function',
  'prometheus', 'proxy-cache', 'rate-limiting', 'redirect', 'request-size-limiting', 'request-termination', 'request-transformer',
  'response-ratelimiting', 'response-transformer', 'session', 'standard-webhooks', 'statsd', 'syslog', 'tcp-log', 'udp-log', 'zipkin',
])

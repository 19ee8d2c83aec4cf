/**
 * The environment of measured processes. `NODE_EXTRA_CA_CERTS` costs every Node 20 process 40 ms at its start, and `NODE_OPTIONS` may change
 * anything.
 */
export function childEnvironment(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _certificates, NODE_OPTIONS: _options, ...environment } = process.env
  return environment
}

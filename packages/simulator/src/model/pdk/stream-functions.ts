import type { PdkFunction } from './pdk-function.js'

/** Functions only nginx's stream part has. */
export const STREAM_FUNCTIONS: ReadonlyMap<string, PdkFunction> = new Map<string, PdkFunction>([
  [
    'kong.service.request.disable_tls',
    {
      phases: ['preread'],
      call: ({ upstream }) => {
        upstream.scheme = 'tcp'
        return true
      },
    },
  ],
])

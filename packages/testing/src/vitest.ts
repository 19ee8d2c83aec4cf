import { expect } from 'vitest'
import { pluginTestMatchers, type PluginTestExpectations } from './matchers/plugin-test-matchers.js'

// `import '@kong-ts/testing/vitest'`, in a test or in vitest's `setupFiles`, registers the matchers and declares them to TypeScript.
expect.extend(pluginTestMatchers)

declare module 'vitest' {
  interface Matchers<T> extends PluginTestExpectations {}
}

import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Tests run against the workspace's sources, not against the last build.
  ssr: { resolve: { conditions: ['kong-ts-source', 'module', 'node', 'development|production'] } },
  // oxc takes decorator options from the tsconfig that includes a file; saying them here makes every file behave as tsc compiles it.
  oxc: {
    decorator: { legacy: true, emitDecoratorMetadata: true },
    assumptions: { setPublicClassFields: true },
    typescript: { removeClassFieldsWithoutInitializer: true },
  },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'benchmarks/test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Polling ends when what is waited for has come: a busy machine must not fail a test.
    expect: { poll: { timeout: 15_000 } },
    benchmark: { include: ['packages/*/bench/**/*.bench.ts'] },
    coverage: { provider: 'v8', include: ['packages/*/src/**'] },
  },
})

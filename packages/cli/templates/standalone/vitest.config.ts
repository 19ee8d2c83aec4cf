import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Compiles as tsc does: decorators with their metadata, and no property for a field without an initialiser.
  oxc: {
    decorator: { legacy: true, emitDecoratorMetadata: true },
    assumptions: { setPublicClassFields: true },
    typescript: { removeClassFieldsWithoutInitializer: true },
  },
  // Scenarios start processes, which takes longer on a busy machine.
  test: { testTimeout: 20_000, hookTimeout: 20_000 },
})

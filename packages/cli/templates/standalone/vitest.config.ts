import { defineConfig } from 'vitest/config'

export default defineConfig({
  // As tsc compiles it: decorators with their metadata, and fields without an initialiser that leave no trace.
  oxc: {
    decorator: { legacy: true, emitDecoratorMetadata: true },
    assumptions: { setPublicClassFields: true },
    typescript: { removeClassFieldsWithoutInitializer: true },
  },
})

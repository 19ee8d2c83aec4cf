import 'reflect-metadata'

export { PHASES, isPhase, type Phase } from './definition/phase.js'
export type { PdkCall } from './pdk/pdk-call.js'
export { KongTsError, type KongTsErrorCode } from './errors/kong-ts-error.js'
export {
  checkSchema,
  createSchemaChecker,
  type SchemaCheckOptions,
  type SchemaChecker,
  type SchemaProblem,
} from './schema/check/check-schema.js'
export type { SchemaVerdict } from './schema/check/judge-schema.js'
export {
  completeConfig,
  createConfigCompleter,
  type ConfigCompleter,
  type ConfigCompleterOptions,
  type ConfigOutcome,
} from './schema/complete/config-completer.js'
export { checkLuaPattern } from './schema/lua-pattern/check-lua-pattern.js'

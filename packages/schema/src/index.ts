// The language.
export type { JsonValue, KongField, KongFieldType, KongFields, KongSchema } from './language/kong-schema.js'
export { fieldNamed, isField, isFields, namedFields, partOf } from './language/schema-parts.js'
export { PLUGIN_ENTITY_FIELDS } from './language/plugin-entity-fields.js'
export { isNewerKong } from './versions/kong-version-order.js'
export { SchemaError, type SchemaErrorCode } from './errors/schema-error.js'

// Judging a schema.
export {
  checkSchema,
  createSchemaChecker,
  type SchemaCheckOptions,
  type SchemaChecker,
  type SchemaProblem,
} from './judge-schema/check-schema.js'
export type { SchemaVerdict } from './judge-schema/judge-schema.js'
export { checkLuaPattern } from './lua-pattern/check-lua-pattern.js'

// Completing and judging a configuration.
export {
  completeConfig,
  createConfigCompleter,
  type ConfigCompleter,
  type ConfigCompleterOptions,
  type ConfigOutcome,
} from './judge-config/config-completer.js'
export { describeProblems } from './describe-problems/describe-problems.js'
export type { ConfigProblem } from './describe-problems/config-problem.js'

// Other forms of a schema.
export { generateConfigType } from './formats/config-type.js'
export { generateJsonSchema } from './formats/json-schema.js'
export { generateSchemaLua } from './formats/schema-lua.js'

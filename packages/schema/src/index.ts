// Kong's schema language as Kong has it. The words of this package:
//   judge     gives Kong's verdict on a schema: accepted, or refused with Kong's own error table
//   check     lists problems for people: what Kong would refuse, and what it accepts but then crashes on
//   complete  turns a configuration into what a plugin gets from Kong, or says why Kong refuses it
//   describe  turns what Kong says into the words of kong-ts
//   generate  writes a schema in another form
// Inside, `engine/` validates: it does to one value what Kong's own code does.

// The language.
export {
  fieldNamed,
  isField,
  isFields,
  namedFields,
  partOf,
  PLUGIN_ENTITY_FIELDS,
  type JsonValue,
  type KongField,
  type KongFields,
  type KongFieldType,
  type KongSchema,
} from './language/kong-schema.js'
export { SchemaError, type SchemaErrorCode } from './language/schema-error.js'
export { isNewerKong, NEWEST_KONG_VERSION } from './versions/kong-version.js'

// Schemas.
export {
  checkSchema,
  createSchemaChecker,
  type SchemaCheckOptions,
  type SchemaChecker,
  type SchemaProblem,
} from './check-schema/check-schema.js'
export type { SchemaVerdict } from './check-schema/check-schema.js'
export { checkLuaPattern } from './lua/check-lua-pattern.js'

// Configurations.
export {
  completeConfig,
  createConfigCompleter,
  type ConfigCompleter,
  type ConfigCompleterOptions,
  type ConfigOutcome,
} from './complete-config/config-completer.js'
export { describeProblems, type ConfigProblem } from './describe-problems/describe-problems.js'

// Other forms of a schema.
export { generateConfigType } from './formats/config-type.js'
export { generateJsonSchema } from './formats/json-schema.js'
export { generateSchemaLua } from './formats/schema-lua.js'

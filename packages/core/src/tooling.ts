// Private, not covered by semantic versioning: what the kong-ts command and the dump of an unbuilt server make of a definition. Only this
// entry loads @kong-ts/schema.
export { describeLateRules, type LateRule } from './config/late-rules.js'
export { judgeDefinition, judgePluginClass } from './generation/judge-definition.js'
export { generateSchema, generateSchemaFor, oldestKongVersion } from './generation/generate-schema.js'
export { fitSchema, oldestKongFor } from './generation/generate-schema.js'
export { RULE_TABLE } from './rules/rule-table.js'
export { ERROR_CODES } from './errors/error-codes.js'

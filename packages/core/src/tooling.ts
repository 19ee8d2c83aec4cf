// Private: what the kong-ts command and the dump of an unbuilt server make of a definition. Not covered by semantic versioning.
export { describeLateRules, type LateRule } from './config/late-rules.js'
export { judgeDefinition, judgePluginClass } from './generation/judge-definition.js'
export { generateSchema, generateSchemaFor, oldestKongVersion } from './generation/generate-schema.js'
export { fitSchema, oldestKongFor, type FittedSchema } from './generation/fit-schema.js'
export { RULE_TABLE } from './rules/rule-table.js'
export type { RuleContext, RuleRow, Translation } from './rules/rule-row.js'
export { regexpToLuaPattern, type LuaTranslation } from './rules/lua-pattern/regexp-to-lua-pattern.js'

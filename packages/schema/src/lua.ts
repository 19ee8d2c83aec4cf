// Lua as Kong's own code sees it: tables, texts, numbers, errors, cjson, references to vaults.
// The schema engine, the simulator and plugin tests share these values. Private: not covered by semantic versioning.
export { LuaTable, luaType, type LuaKey, type LuaValue } from './lua/lua-table.js'
export { asciiLower, bytesToText, luaToString, textToBytes, toLuaText } from './lua/lua-text.js'
export { luaNumberText, luaToNumber } from './lua/lua-number.js'
export { LuaError, raise } from './lua/lua-error.js'
export { argumentsOf, spreadArguments } from './lua/lua-arguments.js'
export { inspectValue } from './lua/lua-text.js'
export { decodeJson } from './lua/decode-json.js'
export { encodeJson } from './lua/encode-json.js'
export { isVaultReference, parseVaultReference, type VaultReference } from './lua/vault-reference.js'

// Lua as Kong's own code sees it: values, texts, numbers, errors, cjson. Used by the simulator and by plugin tests.
export { LuaTable, luaType, type LuaKey, type LuaValue } from './lua/lua-value.js'
export { asciiLower, bytesToText, luaToString, textToBytes, utf8ToText } from './lua/lua-text.js'
export { luaNumberText, luaToNumber } from './lua/lua-number.js'
export { LuaError, raise } from './lua/lua-error.js'
export { argumentsOf, spreadArguments } from './lua/lua-arguments.js'
export { inspectValue } from './lua/inspect.js'
export { decodeJson } from './lua/decode-json.js'
export { encodeJson, JsonEncodeError } from './lua/encode-json.js'

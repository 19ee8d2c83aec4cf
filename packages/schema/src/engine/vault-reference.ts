import type { LuaValue } from '../schema-values/lua-value.js'

/** Whether Kong takes a value for a reference to a secret: anything between `{vault://` and `}`. */
export const isVaultReference = (value: LuaValue | undefined): value is string =>
  typeof value === 'string' && value.startsWith('{vault://') && value.endsWith('}')

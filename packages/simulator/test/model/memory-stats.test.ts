import { expect, it } from 'vitest'
import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { pdkCall, transactionIn } from './transaction-in-phase.js'

function cacheSize(...args: LuaValue[]): unknown {
  const answer = pdkCall(transactionIn('access'), 'kong.node.get_memory_stats', ...args)
  if (!('value' in answer) || !(answer.value instanceof LuaTable)) return answer
  const dicts = answer.value.get('lua_shared_dicts')
  const dict = dicts instanceof LuaTable ? dicts.get('kong_core_db_cache') : undefined
  return dict instanceof LuaTable ? dict.get('capacity') : dict
}

it.each<readonly [readonly LuaValue[], LuaValue]>([
  [[], 134_217_728],
  [['B', 'x'], 134_217_728],
  [[''], '134217728'],
  [['k'], '131072.00 KiB'],
  [['M', 0], '128 MiB'],
  [['g', 4], '0.1250 GiB'],
  [['g', 3.9], '0.125 GiB'],
])('kong.node.get_memory_stats(%j) has sizes like %s', (args, size) => {
  expect(cacheSize(...args)).toBe(size)
})

// LuaJIT 2.1: string.format(string.format('%%.%df', scale), 1)
it.each<readonly [LuaValue, LuaValue, string]>([
  ['k', 100, "invalid option '%.100' to 'format'"],
  ['k', 12_345, "invalid option '%.123' to 'format'"],
  ['k', Infinity, "invalid option '%.-' to 'format'"],
  ['k', Number.NaN, "invalid option '%.-' to 'format'"],
  ['k', -1, 'scale must be equal or greater than 0'],
  ['k', '2', 'scale must be equal or greater than 0'],
  ['t', 2, "invalid unit 't' (expected 'k/K', 'm/M', or 'g/G')"],
])('kong.node.get_memory_stats(%j, %j) raises', (unit, scale, message) => {
  expect(cacheSize(unit, scale)).toMatchObject({ outcome: 'raised', message: expect.stringContaining(message) })
})

import { expect, it } from 'vitest'
import { LuaTable } from '@kong-ts/schema/lua'
import { pdkCall, transactionIn } from './transaction-in-phase.js'

const ROW = `|${' '.repeat(120)}|`

function rows(text: string): readonly string[] {
  const transaction = transactionIn('access')
  pdkCall(transaction, 'kong.log.inspect', text)
  return transaction.logLines.map((line) => line.text).filter((line) => line.startsWith('|'))
}

it('kong.log.inspect breaks text after 120 characters', () => {
  // The quotes are two characters.
  expect(rows('x'.repeat(117))).toHaveLength(1)
  expect(rows('x'.repeat(118))).toHaveLength(1)
  expect(rows('x'.repeat(119))).toHaveLength(2)
})

it('kong.log.inspect gives the line break after a full row a row of its own', () => {
  const shown = (length: number): readonly string[] => {
    const transaction = transactionIn('access')
    // The line of a member has two blanks, its name, and four other characters.
    pdkCall(transaction, 'kong.log.inspect', LuaTable.record([['k'.repeat(length - 6), 1]]))
    return transaction.logLines.map((line) => line.text)
  }
  expect(shown(120)).toContain(ROW)
  expect(shown(119)).not.toContain(ROW)
})

it('kong.log.inspect shows tables in lists and members, deeper by two blanks each', () => {
  const inner = LuaTable.record([['b', LuaTable.record([['c', 1]])]])
  const transaction = transactionIn('access')
  pdkCall(transaction, 'kong.log.inspect', LuaTable.list([inner, 'x', LuaTable.list([])]))
  const shown = transaction.logLines.map(({ text }) => /^\|(.*?) *\|$/.exec(text)?.[1]).filter((text) => text !== undefined)
  expect(shown).toEqual(['{ {', '    b = {', '      c = 1', '    }', '  }, "x", {} }'])
})

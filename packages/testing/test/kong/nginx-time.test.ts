import { expect, it } from 'vitest'
import { pdkCall, transactionIn } from './transaction-in-phase.js'

it.each([
  ['time_iso8601', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/],
  ['time_local', /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/],
  ['msec', /^\d+\.\d{3}$/],
])('the nginx variable %s is a time of UTC', (name, pattern) => {
  expect(pdkCall(transactionIn('access'), 'kong.nginx.get_var', name)).toMatchObject({ value: expect.stringMatching(pattern) })
})

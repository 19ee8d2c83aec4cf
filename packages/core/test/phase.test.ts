import { describe, expect, it } from 'vitest'
import { PHASES, isPhase } from '@kong-ts/core/server'

describe('phases', () => {
  it('knows the six phases an external plugin can handle, and no other phase of Kong', () => {
    expect(PHASES.every(isPhase)).toBe(true)
    expect(['header_filter', 'body_filter', 'init_worker', 'constructor'].some(isPhase)).toBe(false)
  })
})

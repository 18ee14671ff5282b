import { describe, expect, it } from 'vitest'
import { timeOrderedId } from './time-ordered-id.ts'

describe('timeOrderedId', () => {
  it('is a UUID of version 7', () => {
    // RFC 9562, appendix A.6: 017F22E2-79B0-7CC3-98C4-DC0C0C07398F is of this instant
    expect(timeOrderedId(0x017f22e279b0)).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(timeOrderedId(0)).toMatch(/^00000000-0000-7/)
  })

  it('sorts by time and never repeats', () => {
    const ids = Array.from({ length: 1000 }, (_, ms) => timeOrderedId(1_700_000_000_000 + ms))
    expect(ids.toSorted()).toEqual(ids)
    expect(new Set(Array.from({ length: 1000 }, () => timeOrderedId(0))).size).toBe(1000)
  })
})

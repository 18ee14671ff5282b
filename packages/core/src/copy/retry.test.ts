import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ObjectStoreError } from '../object-store-error.ts'
import { isRetryable, retryDelayMs } from './retry.ts'

const failed = (reason: ObjectStoreError['reason'], retryAfterMs: number | null = null): ObjectStoreError =>
  new ObjectStoreError('ERR_TRANSFER', 'x', { reason, replied: true, context: {}, retryAfterMs })

describe('retryDelayMs', () => {
  it.each([
    [1, 0.5, 100],
    [2, 0.5, 200],
    [3, 1, 800],
    [20, 1, 10_000],
  ])('try %i with random %f waits %i ms: full jitter over a doubling, capped delay', (tryNumber, random, expected) => {
    expect(retryDelayMs(tryNumber, new Error('x'), () => random)).toBe(expected)
  })
  it('waits as long as the server asks, and no longer than a minute', () => {
    expect(retryDelayMs(1, failed('throttled', 3000), () => 0)).toBe(3000)
    expect(retryDelayMs(1, failed('throttled', 3_600_000), () => 0)).toBe(60_000)
  })
  it('is never negative nor above the caps', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.option(fc.nat()), (tryNumber, random, asked) => {
        const delayMs = retryDelayMs(tryNumber, failed('throttled', asked), () => random)
        return delayMs >= 0 && delayMs <= 60_100
      }),
    )
  })
})

describe('isRetryable', () => {
  it.each([
    ['transport', true],
    ['throttled', true],
    ['server-error', true],
    ['bad-digest', true],
    ['incomplete-body', true],
    ['access-denied', false],
    ['not-found', false],
    ['precondition-failed', false],
    ['not-implemented', false],
    ['credentials', false],
  ] as const)('%s: %s', (reason, expected) => {
    expect(isRetryable(failed(reason))).toBe(expected)
  })
  it('is false for errors of no store', () => {
    expect(isRetryable(new Error('x'))).toBe(false)
  })
})

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DeadlineTimer } from './deadline-timer.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe.each([true, false])('lasting: %s', (lasting) => {
  it('goes off once, after the delay that was armed last', () => {
    const timer = new DeadlineTimer(lasting)
    const [first, second] = [vi.fn(), vi.fn()]
    timer.arm(100, first)
    vi.advanceTimersByTime(60)
    timer.arm(100, second)
    vi.advanceTimersByTime(99)
    expect(second).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(second).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(1_000)
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1])
  })

  it('takes another delay, shorter or longer', () => {
    const timer = new DeadlineTimer(lasting)
    const expired = vi.fn()
    timer.arm(1_000, expired)
    timer.arm(10, expired)
    vi.advanceTimersByTime(10)
    expect(expired).toHaveBeenCalledTimes(1)
    timer.arm(10, expired)
    timer.arm(1_000, expired)
    vi.advanceTimersByTime(999)
    expect(expired).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(1)
    expect(expired).toHaveBeenCalledTimes(2)
  })

  it('can be armed again after it went off, was disarmed or closed', () => {
    const timer = new DeadlineTimer(lasting)
    const expired = vi.fn()
    timer.arm(10, expired)
    vi.advanceTimersByTime(10)
    timer.arm(10, expired)
    timer.disarm()
    vi.advanceTimersByTime(100)
    expect(expired).toHaveBeenCalledTimes(1)
    timer.arm(10, expired)
    timer.close()
    vi.advanceTimersByTime(100)
    expect(expired).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
    timer.arm(10, expired)
    vi.advanceTimersByTime(10)
    expect(expired).toHaveBeenCalledTimes(2)
  })

  it('can be armed anew by what it calls', () => {
    const timer = new DeadlineTimer(lasting)
    let count = 0
    const again = (): void => {
      count += 1
      if (count < 3) timer.arm(10, again)
    }
    timer.arm(10, again)
    vi.advanceTimersByTime(100)
    expect(count).toBe(3)
  })
})

it('one that is not lasting is gone when it is disarmed', () => {
  const timer = new DeadlineTimer(false)
  timer.arm(10, () => undefined)
  timer.disarm()
  expect(vi.getTimerCount()).toBe(0)
})

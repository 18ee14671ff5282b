import { describe, expect, it } from 'vitest'
import { CallRunner } from '../src/call-runner.ts'
import { sqliteFlavor } from '../src/sqlite-flavor.ts'

const busy = (): Error => Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' })
const runner = (attempts: number, maxDelayMs = 1, timeoutMs = 5_000): CallRunner => new CallRunner(sqliteFlavor, { retry: { attempts, maxDelayMs }, timeoutMs })

describe('CallRunner', () => {
  it('tries again while the database is busy, and gives the answer', async () => {
    let tries = 0
    const answer = await runner(4).run('test', undefined, async () => {
      tries += 1
      if (tries < 4) throw busy()
      return 'done'
    })
    expect([answer, tries]).toEqual(['done', 4])
  })

  it('gives up after its attempts, with a retryable ERR_STORE', async () => {
    let tries = 0
    const call = runner(3).run('test', undefined, async () => {
      tries += 1
      throw busy()
    })
    await expect(call).rejects.toMatchObject({ code: 'ERR_STORE', retryable: true })
    expect(tries).toBe(3)
  })

  it('does not repeat what cannot succeed', async () => {
    let tries = 0
    const call = runner(3).run('test', undefined, async () => {
      tries += 1
      throw new Error('no such table')
    })
    await expect(call).rejects.toMatchObject({ code: 'ERR_STORE', retryable: false })
    expect(tries).toBe(1)
  })

  it('an abort ends the wait between two tries with its reason', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const call = runner(100, 60_000).run('test', controller.signal, async () => {
      throw busy()
    })
    setTimeout(() => controller.abort(reason), 20)
    await expect(call).rejects.toBe(reason)
  })

  it('an abort ends a try that hangs, and the work is told', async () => {
    const controller = new AbortController()
    let told: unknown
    const call = runner(1).run(
      'test',
      controller.signal,
      (signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject((told = signal.reason)))),
    )
    setTimeout(() => controller.abort('stop'), 20)
    await expect(call).rejects.toBe('stop')
    expect(told).toBe('stop')
  })

  it('a try that hangs ends after its time, and is tried again', async () => {
    let tries = 0
    const call = runner(2, 1, 100).run('save results', undefined, (signal) => {
      tries += 1
      return tries === 1 ? new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))) : Promise.resolve('second')
    })
    await expect(call).resolves.toBe('second')
  })

  it('idle waits for work whose caller has left', async () => {
    const one = runner(1)
    const controller = new AbortController()
    let ended = false
    const call = one.run('test', controller.signal, async () => {
      await new Promise((resolve) => setTimeout(resolve, 60))
      ended = true
    })
    controller.abort('stop')
    await expect(call).rejects.toBe('stop')
    await one.idle()
    expect(ended).toBe(true)
  })
})

import { setTimeout as sleep } from 'node:timers/promises'

const WATCHED = ['TCPSocketWrap', 'TCPServerWrap', 'TLSWrap', 'Timeout']
const WITHIN_MS = 5_000
const POLL_MS = 100

/**
 * Sockets, servers and timers of this process beyond those of `before`, once they had a moment to go.
 * @param before - `process.getActiveResourcesInfo()` of then
 * @returns a kind for each that is left
 */
export async function resourcesLeft(before: readonly string[]): Promise<string[]> {
  const until = performance.now() + WITHIN_MS
  for (;;) {
    const left = beyond(process.getActiveResourcesInfo(), before)
    if (left.length === 0 || performance.now() >= until) return left
    await sleep(POLL_MS)
  }
}

function beyond(now: readonly string[], before: readonly string[]): string[] {
  const count = (kinds: readonly string[], kind: string): number => kinds.filter((item) => item === kind).length
  return WATCHED.flatMap((kind) => Array.from({ length: Math.max(0, count(now, kind) - count(before, kind)) }, () => kind))
}

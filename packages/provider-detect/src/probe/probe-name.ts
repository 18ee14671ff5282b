import { randomBytes } from 'node:crypto'

/** One probe's own folder: when it began, so that the next one knows a leftover by its name, and who it is. */
export function newProbePrefix(root: string, nowMs: number): string {
  return `${root}${String(nowMs).padStart(13, '0')}-${randomBytes(8).toString('hex')}/`
}

/** When the probe began whose folder holds this key, in milliseconds; null for anything that is not a probe's. */
export function probeStartedAtMs(root: string, key: string): number | null {
  if (!key.startsWith(root)) return null
  const [, startedAt] = /^(\d{13})-[0-9a-f]{16}\/./.exec(key.slice(root.length)) ?? []
  return startedAt === undefined ? null : Number(startedAt)
}

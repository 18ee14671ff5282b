import type { ProbeResult } from './probe-result.ts'

/** The part of a check's answer that a personality must give as the real server does. */
export interface ComparableAnswer {
  readonly ok: boolean
  readonly status: number | null
  readonly code: string | null
  readonly note: string
}

/**
 * A check's answer without what differs from run to run (digests, dates, ids) and without the wording of error messages, which
 * nobody may go by.
 */
export function comparableAnswer({ ok, status, code, note }: ProbeResult): ComparableAnswer {
  const stable = note
    .replace(/\b[0-9a-f]{32}\b/g, '‹md5›')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z/g, '‹whole second›')
    .replace(/\d{4}-\d\d-\d\dT[0-9:.]+Z/g, '‹fraction of a second›')
    .replace(/(x-amz-content-sha256)=[0-9a-f]{34}/g, '$1=‹sha256›')
    .replace(/(x-amz-checksum-crc32|content-md5)=\S+/g, '$1=‹checksum›')
    .replace(/(\d{3} \w+): [^|]*/g, '$1 ')
    .trim()
  return { ok, status, code, note: stable }
}

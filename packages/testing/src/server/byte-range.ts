import { S3Error } from './s3-error.ts'

/** Bytes `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Reads a `Range` header. @returns null for none, and for forms that S3 does not know (several ranges, other units): the whole object
 * @throws `InvalidRange` (416)
 */
export function readRange(header: string | undefined, sizeBytes: number): ByteRange | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '')
  if (match === null || (match[1] === '' && match[2] === '')) return null
  const unsatisfiable = (): S3Error =>
    new S3Error(
      416,
      'InvalidRange',
      undefined,
      { RangeRequested: header ?? '', ActualObjectSize: String(sizeBytes) },
      { 'content-range': `bytes */${sizeBytes}` },
    )
  if (match[1] === '') {
    const suffix = Number(match[2])
    if (suffix === 0 || sizeBytes === 0) throw unsatisfiable()
    return { start: Math.max(0, sizeBytes - suffix), end: sizeBytes }
  }
  const start = Number(match[1])
  if (start >= sizeBytes) throw unsatisfiable()
  const last = match[2] === '' ? sizeBytes - 1 : Number(match[2])
  if (last < start) return null
  return { start, end: Math.min(last + 1, sizeBytes) }
}

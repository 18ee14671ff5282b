import type { ExpectedObject } from '@sealift/core'

/** The kinds of objects whose evidence differs. */
export type ObjectKind =
  | 'empty'
  | 'small'
  | 'small-checksum'
  | 'small-sse-kms'
  | 'multipart'
  | 'multipart-unusual'
  | 'multipart-composite-checksum'
  | 'multipart-full-checksum'
  | 'multipart-sse-kms'

const MIB = 1024 * 1024
/** as many uploaders cut: equal parts of 8 MiB and a rest */
const USUAL = [8 * MIB, 8 * MIB, 1000]
/** no part size of any uploader gives it */
const UNUSUAL = [6 * MIB, 7 * MIB + 1, 5]

function made(parts: readonly number[] | null, sizeBytes: number, more: Partial<ExpectedObject> = {}): ExpectedObject {
  return { sizeBytes, parts, checksum: null, encryption: 'none', ...more }
}

const sum = (parts: readonly number[]): number => parts.reduce((total, size) => total + size, 0)

/** One object of each kind. */
export const OBJECT_KINDS: readonly { readonly kind: ObjectKind; readonly description: string; readonly object: ExpectedObject }[] = [
  { kind: 'empty', description: 'an empty object', object: made(null, 0) },
  { kind: 'small', description: 'one PUT, without a checksum', object: made(null, 100_000) },
  {
    kind: 'small-checksum',
    description: 'one PUT, with a SHA-256',
    object: made(null, 100_000, { checksum: { algorithm: 'sha256', type: 'FULL_OBJECT' } }),
  },
  { kind: 'small-sse-kms', description: 'one PUT, encrypted with SSE-KMS', object: made(null, 100_000, { encryption: 'sse-kms' }) },
  { kind: 'multipart', description: 'parts of a size that uploaders use', object: made(USUAL, sum(USUAL)) },
  { kind: 'multipart-unusual', description: 'parts of unusual sizes, which cannot be derived', object: made(UNUSUAL, sum(UNUSUAL)) },
  {
    kind: 'multipart-composite-checksum',
    description: 'parts, with a composite SHA-256',
    object: made(USUAL, sum(USUAL), { checksum: { algorithm: 'sha256', type: 'COMPOSITE' } }),
  },
  {
    kind: 'multipart-full-checksum',
    description: 'parts, with a CRC64NVME of the whole object',
    object: made(USUAL, sum(USUAL), { checksum: { algorithm: 'crc64nvme', type: 'FULL_OBJECT' } }),
  },
  { kind: 'multipart-sse-kms', description: 'parts, encrypted with SSE-KMS', object: made(USUAL, sum(USUAL), { encryption: 'sse-kms' }) },
]

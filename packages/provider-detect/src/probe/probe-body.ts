import { randomBytes } from 'node:crypto'
import { type ChecksumAlgorithm, type HashAlgorithm, type ObjectMetadata, StreamingHasher, type WriteBody } from '@sealift/core'

/** The ten algorithms of `x-amz-checksum-*`, those first that stores know best. */
export const CHECKSUM_ALGORITHMS: readonly ChecksumAlgorithm[] = [
  'crc32',
  'sha256',
  'crc64nvme',
  'crc32c',
  'sha1',
  'sha512',
  'md5',
  'xxhash64',
  'xxhash3',
  'xxhash128',
]

/** A body of random bytes, so that no two answers are alike, and its digests. */
export interface ProbeBody {
  readonly body: WriteBody
  readonly bytes: Uint8Array
  /** lower-case hex */
  readonly hex: Readonly<Partial<Record<HashAlgorithm, string>>>
}

export async function probeBody(sizeBytes: number, algorithms: readonly HashAlgorithm[] = ['md5']): Promise<ProbeBody> {
  const bytes = randomBytes(sizeBytes)
  const hasher = await StreamingHasher.create(algorithms)
  hasher.update(bytes)
  const { sizeBytes: _, ...hex } = hasher.digests() as Record<string, string | number>
  return { body: { kind: 'bytes', bytes }, bytes, hex: hex as ProbeBody['hex'] }
}

/** The raw digest. */
export function rightDigest(probe: ProbeBody, algorithm: HashAlgorithm): Uint8Array {
  return Buffer.from(probe.hex[algorithm] ?? '', 'hex')
}

/** A digest of the right length that the body does not have. */
export function wrongDigest(probe: ProbeBody, algorithm: HashAlgorithm): Uint8Array {
  const digest = Buffer.from(rightDigest(probe, algorithm))
  digest[0] = (digest[0] ?? 0) ^ 0xff
  return digest
}

/** A well-formed ETag that no object of the probe has. */
export const WRONG_ETAG: string = `"${'0'.repeat(29)}bad"`

/** Metadata of a write that needs none. */
export const NO_METADATA: ObjectMetadata = { user: {} }

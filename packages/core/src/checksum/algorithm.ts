/**
 * Digest algorithms, by the lower-case ids that the whole API uses (S3 writes them in upper case, in headers only).
 * The first ten are S3's; `crc64ecma` (CRC-64/XZ) is what Alibaba OSS and Tencent COS report.
 */
export const HASH_ALGORITHMS = ['md5', 'sha1', 'sha256', 'sha512', 'crc32', 'crc32c', 'crc64nvme', 'xxhash64', 'xxhash3', 'xxhash128', 'crc64ecma'] as const

export type HashAlgorithm = (typeof HASH_ALGORITHMS)[number]

/** What `migrateObject` and `StreamingHasher` compute when nothing else is asked for. */
export const DEFAULT_HASHES: readonly HashAlgorithm[] = ['md5', 'sha1', 'sha256', 'crc32']

/** The algorithms that S3 knows as `x-amz-checksum-<algorithm>`. */
export type ChecksumAlgorithm = Exclude<HashAlgorithm, 'crc64ecma'>

export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE'

/** Length of the raw digest in bytes. */
export const DIGEST_BYTES: Readonly<Record<HashAlgorithm, number>> = {
  md5: 16,
  sha1: 20,
  sha256: 32,
  sha512: 64,
  crc32: 4,
  crc32c: 4,
  crc64nvme: 8,
  xxhash64: 8,
  xxhash3: 8,
  xxhash128: 16,
  crc64ecma: 8,
}

export function isHashAlgorithm(value: unknown): value is HashAlgorithm {
  return (HASH_ALGORITHMS as readonly unknown[]).includes(value)
}

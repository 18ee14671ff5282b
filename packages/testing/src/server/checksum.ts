import { createHash, type Hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { StreamingHasher } from '@sealift/core'

/** Algorithms that a request may name as `x-amz-checksum-<name>`, and the names that XML elements give them. */
export const CHECKSUM_ELEMENTS: Readonly<Record<string, string>> = {
  crc32: 'ChecksumCRC32',
  crc32c: 'ChecksumCRC32C',
  crc64nvme: 'ChecksumCRC64NVME',
  sha1: 'ChecksumSHA1',
  sha256: 'ChecksumSHA256',
  sha512: 'ChecksumSHA512',
  md5: 'ChecksumMD5',
  xxhash64: 'ChecksumXXHASH64',
  xxhash3: 'ChecksumXXHASH3',
  xxhash128: 'ChecksumXXHASH128',
}

/** A running checksum. */
export interface RunningChecksum {
  update(piece: Uint8Array): void
  /** The raw digest; CRCs big-endian. */
  digest(): Buffer
}

/** Opens a running checksum; those that Node lacks come from @sealift/core, which loads WebAssembly for them when first needed. */
export async function openChecksum(algorithm: string): Promise<RunningChecksum> {
  if (algorithm === 'crc32') return new RunningCrc32()
  if (['md5', 'sha1', 'sha256', 'sha512'].includes(algorithm)) return new RunningHash(algorithm)
  const hasher = await StreamingHasher.create([algorithm as 'crc32c'])
  return {
    update: (piece) => void hasher.update(piece),
    digest: () => Buffer.from(String((hasher.digests() as unknown as Record<string, string>)[algorithm]), 'hex'),
  }
}

class RunningCrc32 implements RunningChecksum {
  #value = 0

  update(piece: Uint8Array): void {
    this.#value = crc32(piece, this.#value)
  }

  digest(): Buffer {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(this.#value)
    return bytes
  }
}

class RunningHash implements RunningChecksum {
  readonly #hash: Hash

  constructor(algorithm: string) {
    this.#hash = createHash(algorithm)
  }

  update(piece: Uint8Array): void {
    this.#hash.update(piece)
  }

  digest(): Buffer {
    return this.#hash.digest()
  }
}

import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { invalidOption } from '../errors.ts'
import { HASH_ALGORITHMS, type HashAlgorithm, isHashAlgorithm } from './algorithm.ts'
import { type Digest, digestBytes, toBase64 } from './digest.ts'
import { crcOfSmall } from './table-crc.ts'
import { type WasmMessage, wasmHasher } from './wasm-hashers.ts'

/** A checksum over the checksums of an object's parts. */
export interface CompositeChecksum<A extends HashAlgorithm = HashAlgorithm> {
  readonly algorithm: A
  readonly type: 'COMPOSITE'
  /** base64 of the algorithm over the concatenated raw part digests, `-`, part count: as in `x-amz-checksum-<algorithm>` */
  readonly value: string
}

/**
 * The composite checksum that S3 gives a multipart object: the algorithm over the concatenated raw part digests, then `-N`.
 * @param partDigests - one digest (bytes or hex) per part, in part-number order (index 0 is part 1)
 * @throws `ERR_INVALID_OPTION` for an empty list, a digest of the wrong length, an unknown algorithm, or one of XXHASH before `prepareHashes()` was awaited
 * @see {@link https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html}
 */
export function compositeChecksum<A extends HashAlgorithm>(algorithm: A, partDigests: readonly Digest[]): CompositeChecksum<A> {
  if (!isHashAlgorithm(algorithm)) throw invalidOption('algorithm', algorithm, `one of ${HASH_ALGORITHMS.join(', ')}`)
  if (!Array.isArray(partDigests) || partDigests.length === 0) throw invalidOption('partDigests', partDigests, 'at least one part digest')
  const joined = Buffer.concat(partDigests.map((digest, index) => digestBytes(digest, algorithm, `partDigests[${index}]`)))
  return { algorithm, type: 'COMPOSITE', value: `${toBase64(hashOnce(algorithm, joined))}-${partDigests.length}` }
}

function hashOnce(algorithm: HashAlgorithm, bytes: Uint8Array): Uint8Array {
  switch (algorithm) {
    case 'md5':
    case 'sha1':
    case 'sha256':
    case 'sha512':
      return createHash(algorithm).update(bytes).digest()
    case 'crc32': {
      const raw = new Uint8Array(4)
      new DataView(raw.buffer).setUint32(0, crc32(bytes))
      return raw
    }
    case 'crc32c':
    case 'crc64nvme':
    case 'crc64ecma':
      return crcOfSmall(algorithm, bytes)
    case 'xxhash64':
    case 'xxhash3':
    case 'xxhash128': {
      const hasher = wasmHasher(algorithm)
      if (hasher === undefined) throw invalidOption('algorithm', algorithm, `an algorithm that is ready: await prepareHashes(['${algorithm}']) first`)
      const message: WasmMessage = { saved: null }
      hasher.update(message, bytes)
      return hasher.digest(message)
    }
  }
}

import { isUint8Array } from 'node:util/types'
import { describeValue, invalidOption } from '../errors.ts'
import { DIGEST_BYTES, type HashAlgorithm } from './algorithm.ts'

/** A digest: its raw bytes, or the same as hex text (either case). CRCs and XXHASH are big-endian. */
export type Digest = Uint8Array | string

const HEX = /^[0-9a-f]*$/i
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/**
 * The raw bytes of a digest of that algorithm.
 * @param option - how the error names the value, as a path: `partMd5s[3]`
 * @returns the same array where bytes were given
 * @throws `ERR_INVALID_OPTION` for anything but bytes or hex text of the algorithm's length
 */
export function digestBytes(digest: Digest, algorithm: HashAlgorithm, option = 'digest'): Uint8Array {
  const length = DIGEST_BYTES[algorithm]
  const expected = `${length} bytes of ${algorithm.toUpperCase()}, or their ${length * 2} hex digits`
  if (isUint8Array(digest)) {
    if (digest.length !== length) throw invalidOption(option, `${digest.length} bytes`, expected)
    return digest
  }
  if (typeof digest !== 'string' || digest.length !== length * 2 || !HEX.test(digest)) throw invalidOption(option, digest, expected)
  return fromHex(digest)
}

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('hex')
}

/** @throws `ERR_INVALID_OPTION` where the text is not hex of whole bytes */
export function fromHex(hex: string, option = 'hex'): Uint8Array {
  if (typeof hex !== 'string' || hex.length % 2 !== 0 || !HEX.test(hex)) throw invalidOption(option, hex, 'hex digits, two a byte')
  return Uint8Array.from(Buffer.from(hex, 'hex'))
}

/** Standard base64 with padding, as S3's headers have it. */
export function toBase64(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('base64')
}

/** @throws `ERR_INVALID_OPTION` where the text is not standard base64 with its padding */
export function fromBase64(base64: string, option = 'base64'): Uint8Array {
  if (typeof base64 !== 'string' || base64.length % 4 !== 0 || !BASE64.test(base64)) {
    throw invalidOption(option, typeof base64 === 'string' ? base64 : describeValue(base64), 'standard base64 with padding')
  }
  return Uint8Array.from(Buffer.from(base64, 'base64'))
}

/** Equal in length and in every byte. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

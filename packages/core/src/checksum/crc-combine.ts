import { invalidOption } from '../errors.ts'
import { DIGEST_BYTES } from './algorithm.ts'
import { type Digest, digestBytes, toHex } from './digest.ts'

/** CRCs whose value for a whole can be derived from those of its parts. */
export type CombinableCrc = 'crc32' | 'crc32c' | 'crc64nvme' | 'crc64ecma'

/** A polynomial over GF(2), bit-reflected: the top bit of the CRC's width is x⁰. `hi` is 0 for 32-bit CRCs. */
interface Polynomial {
  readonly hi: number
  readonly lo: number
}

/** The generators, reflected, without their leading term. */
const GENERATORS: Readonly<Record<CombinableCrc, Polynomial>> = {
  crc32: { hi: 0, lo: 0xedb88320 },
  crc32c: { hi: 0, lo: 0x82f63b78 },
  crc64nvme: { hi: 0x9a6c9329, lo: 0xac4bc9b5 },
  crc64ecma: { hi: 0xc96c5795, lo: 0xd7870f42 },
}

/**
 * The CRC of a whole, from the CRCs and sizes of its parts in order: no second pass over the bytes.
 * @param parts - `crc` as hex (or raw big-endian bytes); parts of 0 bytes are fine
 * @returns lower-case hex; for no parts at all the CRC of nothing (zeros)
 * @throws `ERR_INVALID_OPTION` for another algorithm, a CRC of the wrong length, a size that is not a safe integer from 0
 * @see {@link https://github.com/madler/zlib/blob/develop/crc32.c} (`crc32_combine_gen`: the same arithmetic)
 */
export function combineCrc(algorithm: CombinableCrc, parts: readonly { readonly crc: Digest; readonly sizeBytes: number }[]): string {
  if (!Object.hasOwn(GENERATORS, algorithm)) throw invalidOption('algorithm', algorithm, `one of ${Object.keys(GENERATORS).join(', ')}`)
  if (!Array.isArray(parts)) throw invalidOption('parts', parts, 'an array of { crc, sizeBytes }')
  const arithmetic = new CrcArithmetic(GENERATORS[algorithm], DIGEST_BYTES[algorithm] * 8)
  let hi = 0
  let lo = 0
  for (const [index, part] of parts.entries()) {
    if (!Number.isSafeInteger(part.sizeBytes) || part.sizeBytes < 0) {
      throw invalidOption(`parts[${index}].sizeBytes`, part.sizeBytes, 'a whole number of bytes, at least 0')
    }
    const crc = readCrc(digestBytes(part.crc, algorithm, `parts[${index}].crc`))
    const shifted = arithmetic.multiply({ hi, lo }, arithmetic.shiftBy(part.sizeBytes))
    hi = (shifted.hi ^ crc.hi) >>> 0
    lo = (shifted.lo ^ crc.lo) >>> 0
  }
  return toHex(writeCrc({ hi, lo }, DIGEST_BYTES[algorithm]))
}

/** Arithmetic modulo one generator. In two 32-bit words: BigInt is thirty times slower, and an object may have 10,000 parts. */
class CrcArithmetic {
  readonly #generator: Polynomial
  readonly #width: number
  /** index k: x^(8·2^k), what 2^k bytes multiply by */
  readonly #powers: Polynomial[]
  /** parts are mostly of one size */
  readonly #shifts: Map<number, Polynomial> = new Map()

  constructor(generator: Polynomial, width: number) {
    this.#generator = generator
    this.#width = width
    // x^8: the bit eight below the top one
    this.#powers = [width === 64 ? { hi: 2 ** 23, lo: 0 } : { hi: 0, lo: 2 ** 23 }]
  }

  /** x^(8·sizeBytes): appending that many bytes multiplies by it. */
  shiftBy(sizeBytes: number): Polynomial {
    const known = this.#shifts.get(sizeBytes)
    if (known !== undefined) return known
    let result: Polynomial = this.#width === 64 ? { hi: 2 ** 31, lo: 0 } : { hi: 0, lo: 2 ** 31 }
    for (let k = 0, rest = sizeBytes; rest > 0; k += 1, rest = Math.floor(rest / 2)) {
      if (rest % 2 === 1) result = this.multiply(result, this.#power(k))
    }
    this.#shifts.set(sizeBytes, result)
    return result
  }

  #power(k: number): Polynomial {
    let power = this.#powers[k]
    if (power === undefined) {
      const root = this.#power(k - 1)
      power = this.multiply(root, root)
      this.#powers[k] = power
    }
    return power
  }

  multiply(a: Polynomial, b: Polynomial): Polynomial {
    let productHi = 0
    let productLo = 0
    let { hi, lo } = b
    for (let bit = this.#width - 1; bit >= 0; bit -= 1) {
      const set = bit >= 32 ? (a.hi >>> (bit - 32)) & 1 : (a.lo >>> bit) & 1
      if (set === 1) {
        productHi ^= hi
        productLo ^= lo
      }
      // times x: one to the right, reduced by the generator
      const carry = lo & 1
      lo = (lo >>> 1) | (hi << 31)
      hi >>>= 1
      if (carry === 1) {
        hi ^= this.#generator.hi
        lo ^= this.#generator.lo
      }
    }
    return { hi: productHi >>> 0, lo: productLo >>> 0 }
  }
}

function readCrc(bytes: Uint8Array): Polynomial {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return bytes.length === 8 ? { hi: view.getUint32(0), lo: view.getUint32(4) } : { hi: 0, lo: view.getUint32(0) }
}

function writeCrc(value: Polynomial, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  if (length === 8) view.setUint32(0, value.hi)
  view.setUint32(length - 4, value.lo)
  return bytes
}

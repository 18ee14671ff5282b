/** CRCs that Node does not have. Reflected polynomials, high and low word; `hi` is 0 for 32-bit ones. */
const POLYNOMIALS = {
  crc32c: { width: 32, hi: 0, lo: 0x82f63b78 },
  crc64nvme: { width: 64, hi: 0x9a6c9329, lo: 0xac4bc9b5 },
  crc64ecma: { width: 64, hi: 0xc96c5795, lo: 0xd7870f42 },
} as const

export type TableCrc = keyof typeof POLYNOMIALS

interface Table {
  readonly hi: Uint32Array
  readonly lo: Uint32Array
}

const TABLES: Map<TableCrc, Table> = new Map()

/**
 * A CRC with a byte-wise table, ready without WebAssembly. For some kilobytes (part digests), not for content: it is ten times slower than the engine.
 * @returns raw, big-endian
 */
export function crcOfSmall(algorithm: TableCrc, bytes: Uint8Array): Uint8Array {
  const table = tableOf(algorithm)
  // init and xorout are all ones; a 32-bit CRC lives in `lo`, its `hi` stays 0
  const ones = POLYNOMIALS[algorithm].width === 64 ? 0xffffffff : 0
  let hi = ones
  let lo = 0xffffffff
  for (let i = 0; i < bytes.length; i += 1) {
    const index = (lo ^ (bytes[i] as number)) & 0xff
    lo = (((lo >>> 8) | (hi << 24)) ^ (table.lo[index] as number)) >>> 0
    hi = ((hi >>> 8) ^ (table.hi[index] as number)) >>> 0
  }
  const raw = new Uint8Array(POLYNOMIALS[algorithm].width / 8)
  const view = new DataView(raw.buffer)
  if (raw.length === 8) view.setUint32(0, (hi ^ ones) >>> 0)
  view.setUint32(raw.length - 4, (lo ^ 0xffffffff) >>> 0)
  return raw
}

function tableOf(algorithm: TableCrc): Table {
  let table = TABLES.get(algorithm)
  if (table === undefined) {
    table = makeTable(POLYNOMIALS[algorithm].hi, POLYNOMIALS[algorithm].lo)
    TABLES.set(algorithm, table)
  }
  return table
}

function makeTable(polynomialHi: number, polynomialLo: number): Table {
  const table: Table = { hi: new Uint32Array(256), lo: new Uint32Array(256) }
  for (let index = 0; index < 256; index += 1) {
    let hi = 0
    let lo = index
    for (let bit = 0; bit < 8; bit += 1) {
      const carry = lo & 1
      lo = (lo >>> 1) | (hi << 31)
      hi >>>= 1
      if (carry === 1) {
        hi ^= polynomialHi
        lo ^= polynomialLo
      }
    }
    table.hi[index] = hi
    table.lo[index] = lo
  }
  return table
}

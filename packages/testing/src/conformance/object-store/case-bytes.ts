import { createHash } from 'node:crypto'
import type { ObjectRead, WriteBody } from '@sealift/core'

/** Bytes without a short period, so that a shifted or repeated block shows. */
export function patternBytes(sizeBytes: number, seed = 1): Uint8Array {
  const bytes = Buffer.alloc(sizeBytes)
  let state = seed
  for (let offset = 0; offset < sizeBytes; offset += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[offset] = state >>> 24
  }
  return bytes
}

export function bytesBody(bytes: Uint8Array): WriteBody {
  return { kind: 'bytes', bytes }
}

/** The bytes as a stream of uneven chunks. */
export function streamBody(bytes: Uint8Array, sizeBytes: number = bytes.byteLength): WriteBody {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let size = 1
    for (let offset = 0; offset < bytes.byteLength; size = Math.min(size * 3, 100_000)) {
      yield bytes.subarray(offset, offset + size)
      offset += size
    }
  }
  return { kind: 'stream', stream: chunks(), sizeBytes }
}

export function md5(bytes: Uint8Array): Uint8Array {
  return createHash('md5').update(bytes).digest()
}

export function md5Hex(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex')
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}

export async function readAll(read: ObjectRead): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of read.body) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** Waits until `holds` is true, at most two seconds. */
export async function eventually(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 2000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not within two seconds: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

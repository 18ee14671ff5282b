import { createHash } from 'node:crypto'
import { multipartETag } from '@sealift/core'
import { generatedBytes } from '@sealift/testing'
import type { Shape } from './shapes.ts'

/** Bytes, and the ETag (unquoted) of an object that was uploaded with them. */
export interface KnownBytes {
  readonly bytes: Buffer
  readonly etag: string
}

const made = new Map<string, KnownBytes>()

/** The seed of a shape's bytes; generation 0 is the source as it is at first, each change of it takes the next. */
function seedOf(shape: Shape, generation: number): number {
  return 1_000 * (generation + 1) + [...shape.name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
}

/** The source's bytes as they are at first, and their ETag by S3's rule. */
export function sourceBytes(shape: Shape): KnownBytes {
  const id = `${shape.name}/${shape.sizeBytes}`
  const known = made.get(id)
  if (known !== undefined) return known
  const bytes = generatedBytes({ key: '', seed: seedOf(shape, 0) }, 0, shape.sizeBytes)
  const etag = shape.partSizeBytes === null ? md5(bytes) : multipartETag(partsOf(bytes, shape.partSizeBytes).map(md5))
  const value = { bytes, etag }
  made.set(id, value)
  return value
}

/** What somebody else makes of the source: other bytes of the same size, by one PUT. */
export function changedBytes(shape: Shape, generation: number): KnownBytes {
  const bytes = generatedBytes({ key: '', seed: seedOf(shape, generation) }, 0, shape.sizeBytes)
  return { bytes, etag: md5(bytes) }
}

export function partsOf(bytes: Buffer, partSizeBytes: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / partSizeBytes) }, (_, at) => bytes.subarray(at * partSizeBytes, (at + 1) * partSizeBytes))
}

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex')
}

/** What is at the destination before the copy. */
export const EARLIER: Buffer = Buffer.from('an earlier object, that nobody asked to lose\n'.repeat(40))

/** What somebody else writes at the destination meanwhile. */
export const FOREIGN: Buffer = Buffer.from('written by somebody else\n'.repeat(30))

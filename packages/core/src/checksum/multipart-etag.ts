import { createHash, type Hash } from 'node:crypto'
import { isUint8Array } from 'node:util/types'
import { describeValue, invalidOption } from '../errors.ts'
import { type Digest, digestBytes, toHex } from './digest.ts'

/**
 * ETag that S3 gives a multipart object: MD5 over the concatenated *binary* part MD5s, then `-N`.
 * One part is no special case: its ETag is `md5(md5(x))-1`.
 * @param partMd5s - one 16-byte MD5 (or its hex) per part, in part-number order (index 0 is part 1)
 * @returns 32 lower-case hex digits, `-`, part count; not quoted
 * @throws `ERR_INVALID_OPTION` for an empty list or a digest that is not an MD5
 * @see {@link https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html}
 */
export function multipartETag(partMd5s: readonly Digest[]): string {
  if (!Array.isArray(partMd5s) || partMd5s.length === 0) throw invalidOption('partMd5s', partMd5s, 'at least one part MD5')
  const hash = createHash('md5')
  for (const [index, digest] of partMd5s.entries()) hash.update(digestBytes(digest, 'md5', `partMd5s[${index}]`))
  return `${hash.digest('hex')}-${partMd5s.length}`
}

/**
 * The multipart ETag that content would have if it were uploaded in parts of that size.
 * @param source - the content; chunks may be of any size and are not kept. An empty one counts as one empty part.
 * @param partSizeBytes - size of every part but the last, which is the rest
 * @throws `ERR_INVALID_OPTION` for a part size that is not a positive safe integer, or a chunk that is not bytes
 */
export async function multipartETagOf(source: Uint8Array | AsyncIterable<Uint8Array>, partSizeBytes: number): Promise<string> {
  if (!Number.isSafeInteger(partSizeBytes) || partSizeBytes < 1) throw invalidOption('partSizeBytes', partSizeBytes, 'a whole number of bytes, at least 1')
  const parts = new PartMd5s(partSizeBytes)
  if (isUint8Array(source)) {
    parts.update(source)
  } else if (typeof source === 'object' && source !== null && Symbol.asyncIterator in source) {
    for await (const chunk of source) parts.update(chunk)
  } else {
    throw invalidOption('source', source, 'a Uint8Array or an async iterable of them')
  }
  return multipartETag(parts.finish())
}

/** Cuts a stream into parts of one size and keeps the MD5 of each. */
class PartMd5s {
  readonly #partSizeBytes: number
  readonly #done: string[] = []
  #current: Hash | null = null
  #leftBytes = 0

  constructor(partSizeBytes: number) {
    this.#partSizeBytes = partSizeBytes
  }

  update(chunk: Uint8Array): void {
    if (!isUint8Array(chunk)) throw invalidOption('chunk', describeValue(chunk), 'a Uint8Array')
    let offset = 0
    while (offset < chunk.length) {
      if (this.#current === null) {
        this.#current = createHash('md5')
        this.#leftBytes = this.#partSizeBytes
      }
      const take = Math.min(this.#leftBytes, chunk.length - offset)
      this.#current.update(take === chunk.length ? chunk : chunk.subarray(offset, offset + take))
      offset += take
      this.#leftBytes -= take
      if (this.#leftBytes === 0) this.#closePart(this.#current)
    }
  }

  finish(): string[] {
    if (this.#current !== null) this.#closePart(this.#current)
    else if (this.#done.length === 0) this.#done.push(toHex(createHash('md5').digest()))
    return this.#done
  }

  #closePart(hash: Hash): void {
    this.#done.push(hash.digest('hex'))
    this.#current = null
  }
}

import { createHash } from 'node:crypto'
import { type ByteString, toBytes } from './byte-string.ts'
import { multipartETagOfParts } from './etag-text.ts'
import { GeneratedBody } from './generated-body.ts'
import { GeneratedKeys } from './key-index.ts'
import { LazyETag, md5Of, type ObjectPart, type StoredObject } from './object-state.ts'

/** What one generated object and a family of them have in common. */
export interface GeneratedContent {
  readonly bucket: string
  readonly sizeBytes: number
  /** @defaultValue derived from the key */
  readonly seed?: number
  /** The object counts as uploaded in parts of this size, and has a multipart ETag. */
  readonly partSizeBytes?: number
  /** Unquoted. `'opaque'` gives one that is no digest. @defaultValue computed from the bytes when first asked for */
  readonly etag?: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly contentType?: string
  readonly contentEncoding?: string
  readonly storageClass?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly lastModified?: Date
}

/** One object whose bytes are made when they are read. */
export interface GeneratedObject extends GeneratedContent {
  readonly key: string
}

/** Many objects whose keys and bytes are made when they are asked for. */
export interface GeneratedFamily extends GeneratedContent {
  readonly count: number
  /** The key of object `index`, from 0; each key once. In UTF-8 byte order it costs no memory. */
  readonly keyOf: (index: number) => string
}

/** A family of generated objects inside a bucket. */
export class GeneratedObjects {
  readonly keys: GeneratedKeys
  readonly #family: GeneratedFamily
  readonly #startedMs: number

  constructor(family: GeneratedFamily, startedMs: number) {
    this.#family = family
    this.#startedMs = startedMs
    this.keys = new GeneratedKeys(family.count, family.keyOf)
  }

  find(key: ByteString): StoredObject | null {
    return this.keys.find(key) < 0 ? null : generatedObject(key, this.#family, this.#startedMs)
  }
}

/** Builds the object's record; its bytes and, if need be, its ETag come later. */
export function generatedObject(key: ByteString, content: GeneratedContent, startedMs: number): StoredObject {
  const { sizeBytes, partSizeBytes } = content
  const body = new GeneratedBody(sizeBytes, content.seed ?? seedOf(key))
  const count = partSizeBytes === undefined ? 0 : Math.max(1, Math.ceil(sizeBytes / partSizeBytes))
  const partEnd = (index: number): number => Math.min(sizeBytes, (index + 1) * (partSizeBytes ?? 0))
  const parts: ObjectPart[] = Array.from({ length: count }, (_, i) => ({
    partNumber: i + 1,
    sizeBytes: partEnd(i) - i * (partSizeBytes ?? 0),
    etag: '',
    checksums: new Map(),
  }))
  const compute = async (): Promise<string> => {
    if (partSizeBytes === undefined) return (await md5Of(body)).toString('hex')
    const digests: string[] = []
    for (let i = 0; i < count; i++) digests.push((await md5Of(body, i * partSizeBytes, partEnd(i))).toString('hex'))
    return multipartETagOfParts(digests)
  }
  const opaque = `opaque-${createHash('sha1').update(`${body.seed}/${sizeBytes}`).digest('base64url')}`
  return {
    key,
    versionId: 'null',
    isDeleteMarker: false,
    body,
    lastModifiedMs: content.lastModified?.getTime() ?? startedMs,
    etag: new LazyETag(content.etag === 'opaque' ? opaque : (content.etag ?? compute)),
    description: {
      headers: {
        ...(content.contentType === undefined ? {} : { 'content-type': content.contentType }),
        ...(content.contentEncoding === undefined ? {} : { 'content-encoding': content.contentEncoding }),
      },
      metadata: content.metadata ?? {},
      storageClass: content.storageClass ?? 'STANDARD',
      encryption: { kind: 'none' },
    },
    parts: partSizeBytes === undefined ? null : parts,
    checksums: new Map(),
    checksumType: 'FULL_OBJECT',
    tags: Object.entries(content.tags ?? {}),
    acl: [],
    retention: null,
    legalHold: null,
  }
}

function seedOf(key: ByteString): number {
  return createHash('md5').update(key, 'latin1').digest().readUInt32LE()
}

/** The bytes that a generated object has, for a test's own expectations. */
export function generatedBytes(content: { readonly key: string; readonly seed?: number }, start: number, end: number): Buffer {
  return Buffer.concat([...new GeneratedBody(end, content.seed ?? seedOf(toBytes(content.key))).read(start, end)])
}

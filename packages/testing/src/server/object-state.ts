import { createHash } from 'node:crypto'
import type { ByteString } from './byte-string.ts'
import { DiscardedBody, type StoredBody } from './stored-body.ts'

/** One part of a finished multipart object. */
export interface ObjectPart {
  readonly partNumber: number
  readonly sizeBytes: number
  readonly etag: string
  /** base64, by algorithm */
  readonly checksums: ReadonlyMap<string, string>
}

/** What a client says about an object beside its bytes. */
export interface ObjectDescription {
  /** content-type, cache-control and their like, by lower-case header name */
  readonly headers: Readonly<Record<string, string>>
  /** user metadata by lower-case name, without `x-amz-meta-` */
  readonly metadata: Readonly<Record<string, string>>
  readonly storageClass: string
  readonly encryption: Encryption
}

export type Encryption =
  | { readonly kind: 'none' }
  | { readonly kind: 's3' }
  | { readonly kind: 'kms'; readonly keyId: string }
  | { readonly kind: 'customer'; readonly keyMd5: string }

/** One grant of an access control list: to a user id or a group address. */
export interface AclGrant {
  readonly grantee: string
  readonly permission: 'READ' | 'WRITE' | 'READ_ACP' | 'WRITE_ACP' | 'FULL_CONTROL'
}

/** One version of an object, or a delete marker. */
export interface StoredObject {
  readonly key: ByteString
  versionId: string
  readonly isDeleteMarker: boolean
  body: StoredBody
  /** The bytes as they were taken in, where those of `body` have rotted since. */
  rightBody?: StoredBody
  lastModifiedMs: number
  /** Unquoted; given, or computed when first asked for. */
  readonly etag: LazyETag
  /** What listings say where that differs. */
  readonly listedETag?: LazyETag
  readonly description: ObjectDescription
  /** null for a single upload */
  readonly parts: readonly ObjectPart[] | null
  /** base64 (composites with `-N`), by algorithm */
  readonly checksums: Map<string, string>
  readonly checksumType: 'FULL_OBJECT' | 'COMPOSITE'
  tags: readonly (readonly [string, string])[]
  acl: readonly AclGrant[]
  retention: { readonly mode: string; readonly until: string } | null
  legalHold: boolean | null
}

/** An ETag that is known, or computed once by reading the body. */
export class LazyETag {
  #value: string | Promise<string> | null
  readonly #compute: () => Promise<string>

  constructor(value: string | (() => Promise<string>)) {
    this.#value = typeof value === 'string' ? value : null
    this.#compute = typeof value === 'string' ? async () => value : value
  }

  /** The unquoted value; a promise only where it has to be computed. */
  async get(): Promise<string> {
    this.#value ??= this.#compute()
    const value = await this.#value
    this.#value = value
    return value
  }
}

/** The record of an object, without its bytes. */
export function withoutBytes(object: StoredObject): StoredObject {
  const { rightBody: _, ...record } = object
  return { ...record, body: new DiscardedBody(object.body.sizeBytes) }
}

/** MD5 of a stretch of a body; lets other requests run in between. */
export async function md5Of(body: StoredBody, start = 0, end: number = body.sizeBytes): Promise<Buffer> {
  const hash = createHash('md5')
  let sinceBreak = 0
  for (const piece of body.read(start, end)) {
    hash.update(piece)
    sinceBreak += piece.length
    if (sinceBreak > 8 * 1024 ** 2) {
      sinceBreak = 0
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return hash.digest()
}

import type { ByteString } from './byte-string.ts'
import type { AclGrant, ObjectDescription, ObjectPart } from './object-state.ts'
import type { StoredBody } from './stored-body.ts'

/** A part that was uploaded and waits for Complete. */
export interface UploadedPart extends ObjectPart {
  readonly body: StoredBody
  /** as with objects */
  readonly rightBody?: StoredBody
  /** All checksums that the server computed; `checksums` holds only those that the client asked for. */
  readonly computed: ReadonlyMap<string, string>
  readonly lastModifiedMs: number
}

/** A multipart upload that is under way. */
export interface UploadState {
  readonly uploadId: string
  readonly key: ByteString
  readonly initiatedMs: number
  readonly description: ObjectDescription
  readonly tags: readonly (readonly [string, string])[]
  readonly acl: readonly AclGrant[]
  readonly retention: { readonly mode: string; readonly until: string } | null
  readonly legalHold: boolean | null
  /** What the client declared; null when it declared none. */
  readonly checksum: { readonly algorithm: string; readonly type: 'FULL_OBJECT' | 'COMPOSITE' } | null
  readonly parts: Map<number, UploadedPart>
}

import { randomBytes } from 'node:crypto'
import type { ByteString } from './byte-string.ts'
import type { GeneratedObjects } from './generated-objects.ts'
import { StoredKeys } from './key-index.ts'
import { type AclGrant, type StoredObject, withoutBytes } from './object-state.ts'
import type { UploadState } from './upload-state.ts'

/** What the server holds of one bucket. */
export class BucketState {
  readonly name: string
  readonly createdMs: number
  versioning: 'Off' | 'Enabled' | 'Suspended' = 'Off'
  objectLock = false
  acl: readonly AclGrant[] = []
  tags: readonly (readonly [string, string])[] | null = null
  /** CORS, lifecycle and the like, as the client sent them. */
  readonly documents: Map<string, string> = new Map()
  readonly uploads: Map<string, UploadState> = new Map()
  /** Uploads that were completed, so that a Complete that is sent again can be answered. */
  readonly completed: Map<string, StoredObject> = new Map()
  readonly generated: GeneratedObjects[] = []
  /** Newest first; an empty list hides a generated object that was deleted. */
  readonly versions: Map<ByteString, StoredObject[]> = new Map()
  readonly keys: StoredKeys = new StoredKeys(this.versions)
  readonly #previous = new Map<ByteString, StoredObject | null>()

  constructor(name: string, createdMs: number) {
    this.name = name
    this.createdMs = createdMs
  }

  /** All versions of a key, newest first, delete markers among them. */
  versionsOf(key: ByteString): readonly StoredObject[] {
    const stored = this.versions.get(key)
    if (stored !== undefined) return stored
    for (const objects of this.generated) {
      const object = objects.find(key)
      if (object !== null) return [object]
    }
    return []
  }

  /** The newest version, a delete marker too. */
  newest(key: ByteString): StoredObject | undefined {
    return this.versionsOf(key)[0]
  }

  /** What a GET without a version sees. */
  current(key: ByteString): StoredObject | undefined {
    const newest = this.newest(key)
    return newest?.isDeleteMarker === true ? undefined : newest
  }

  /** What {@link current} gave before the last write to this key; undefined when it was never written. */
  previous(key: ByteString): StoredObject | null | undefined {
    return this.#previous.get(key)
  }

  /** Adds an object or delete marker as the newest version and gives it its version id. */
  add(object: StoredObject): void {
    const before = this.versionsOf(object.key)
    this.#remember(object.key)
    object.versionId = this.versioning === 'Enabled' ? newVersionId() : 'null'
    const kept = this.versioning === 'Off' ? [] : before.filter((version) => version.versionId !== object.versionId)
    this.#set(object.key, [object, ...kept])
  }

  /** Keeps a generated object's record, so that changes to it last. */
  hold(object: StoredObject): void {
    if (this.versions.has(object.key)) return
    this.versions.set(object.key, [object])
    this.keys.changed()
  }

  /** Removes one version for good; true when it was there. */
  remove(key: ByteString, versionId: string): boolean {
    const before = this.versionsOf(key)
    const kept = before.filter((version) => version.versionId !== versionId)
    if (kept.length === before.length) return false
    this.#remember(key)
    this.#set(key, kept)
    return true
  }

  /** True when nothing at all is in the bucket. */
  get isEmpty(): boolean {
    for (const versions of this.versions.values()) if (versions.length > 0) return false
    return this.generated.every((objects) => this.#hidden(objects) >= objects.keys.count)
  }

  #hidden(objects: GeneratedObjects): number {
    let hidden = 0
    for (const [key, versions] of this.versions) if (versions.length === 0 && objects.keys.find(key) >= 0) hidden++
    return hidden
  }

  // without the bytes: only a HEAD is ever answered from the past
  #remember(key: ByteString): void {
    const object = this.current(key)
    this.#previous.set(key, object === undefined ? null : withoutBytes(object))
  }

  #set(key: ByteString, versions: StoredObject[]): void {
    if (versions.length === 0 && !this.generated.some((objects) => objects.keys.find(key) >= 0)) this.versions.delete(key)
    else this.versions.set(key, versions)
    this.keys.changed()
  }
}

function newVersionId(): string {
  return randomBytes(24).toString('base64url')
}

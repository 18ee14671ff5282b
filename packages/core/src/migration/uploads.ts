import { invalidOption } from '../errors.ts'
import { genericProfile } from '../generic-profile.ts'
import { ObjectStoreError } from '../object-store-error.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import { createS3ObjectStore } from '../s3/s3-object-store.ts'
import { checkKey, checkLocation, type Location } from './location-options.ts'
import { checkObject, wholeNumber } from './option-checks.ts'

/** Where uploads are looked for. */
export interface UploadsLocation extends Location {
  /** only uploads of exactly this key */
  readonly key?: string
  /** only uploads whose key starts so; default all */
  readonly prefix?: string
}

/** A multipart upload that was begun and neither completed nor aborted. */
export interface UnfinishedUpload {
  readonly bucket: string
  readonly key: string
  readonly uploadId: string
  /** ISO 8601, UTC; null where the server does not say */
  readonly initiatedAt: string | null
}

export interface AbortedUploads {
  readonly aborted: readonly UnfinishedUpload[]
  /** those that are still there, and why */
  readonly failed: readonly (UnfinishedUpload & { readonly error: { readonly code: string; readonly message: string } })[]
}

/** Unfinished multipart uploads at a location, in the server's order. Their parts are stored, and paid for, until they are aborted. */
export async function listUploads(location: UploadsLocation, options: { readonly signal?: AbortSignal } = {}): Promise<UnfinishedUpload[]> {
  checkOptions(options, ['signal'])
  return withStore(location, (store) => collect(store, location, options.signal))
}

/**
 * Aborts unfinished uploads at a location. They may be somebody else's: name the key, or an age.
 * @param options.olderThanMs - only uploads that began at least so long ago (by this machine's clock); uploads without a date are left alone then. Default: all
 */
export async function abortUploads(
  location: UploadsLocation,
  options: { readonly olderThanMs?: number; readonly signal?: AbortSignal } = {},
): Promise<AbortedUploads> {
  checkOptions(options, ['olderThanMs', 'signal'])
  const olderThanMs =
    options.olderThanMs === undefined
      ? null
      : wholeNumber('olderThanMs', options.olderThanMs, { least: 0, most: Number.MAX_SAFE_INTEGER, unit: 'milliseconds' }, 0)
  return withStore(location, async (store) => {
    const aborted: UnfinishedUpload[] = []
    const failed: AbortedUploads['failed'][number][] = []
    for (const upload of await collect(store, location, options.signal)) {
      if (olderThanMs !== null && !(upload.initiatedAt !== null && Date.now() - Date.parse(upload.initiatedAt) >= olderThanMs)) continue
      try {
        await store.abortUpload({ bucket: upload.bucket, key: upload.key }, upload.uploadId, { signal: options.signal })
        aborted.push(upload)
      } catch (error) {
        if (!(error instanceof ObjectStoreError)) throw error
        failed.push({ ...upload, error: { code: error.code, message: error.message } })
      }
    }
    return { aborted, failed }
  })
}

/** A misspelt age must not abort everything. */
function checkOptions(options: { readonly signal?: AbortSignal }, known: readonly string[]): void {
  checkObject('options', options, known)
  const signal: unknown = options.signal
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalidOption('signal', signal, 'an AbortSignal')
}

async function collect(store: ObjectStore, location: UploadsLocation, signal: AbortSignal | undefined): Promise<UnfinishedUpload[]> {
  const found: UnfinishedUpload[] = []
  for await (const upload of store.listUploads(location.bucket, location.key ?? location.prefix ?? '', { signal })) {
    if (location.key !== undefined && upload.key !== location.key) continue
    found.push({ bucket: location.bucket, key: upload.key, uploadId: upload.uploadId, initiatedAt: upload.initiated?.toISOString() ?? null })
  }
  return found
}

async function withStore<T>(location: UploadsLocation, use: (store: ObjectStore) => Promise<T>): Promise<T> {
  checkLocation('location', location, ['prefix'])
  if (location.key !== undefined) checkKey('location.key', location.key)
  if (location.prefix !== undefined && typeof location.prefix !== 'string') throw invalidOption('location.prefix', location.prefix, 'a string')
  const store = await createS3ObjectStore({
    client: location.client,
    profile: location.profile ?? genericProfile,
    side: 'destination',
    expectedBucketOwner: location.expectedBucketOwner,
    requestPayer: location.requestPayer,
  })
  try {
    return await use(store)
  } finally {
    store.close()
  }
}

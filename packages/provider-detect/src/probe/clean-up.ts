import { setTimeout as sleep } from 'node:timers/promises'
import { type ListedVersion, type ObjectStore, ObjectStoreError, type S3Endpoint, SealiftError } from '@sealift/core'
import type { ProbeTrace } from './probe-context.ts'
import { probeStartedAtMs } from './probe-name.ts'

/** What a probe could not take out again. Plain JSON data. */
export interface ProbeLeftover {
  readonly kind: 'object' | 'upload'
  readonly key: string
  /** of an object, where it has one */
  readonly versionId: string | null
  /** of an upload */
  readonly uploadId: string | null
  /** why it is still there */
  readonly reason: string
}

export interface CleanUpPlace {
  readonly store: ObjectStore
  readonly endpoint: S3Endpoint
  readonly bucket: string
}

const MAX_ROUNDS = 4
/** how long a write without a reply is given to take effect */
const LOST_WRITE_MS = 1_000

/**
 * Takes out everything below a probe's own prefix: objects, all their versions and delete markers, uploads. What was written is known, and listed besides;
 * it ends when a listing shows nothing any more, or when nothing more can be done.
 */
export async function removeTrace(place: CleanUpPlace, prefix: string, trace: ProbeTrace, signal: AbortSignal): Promise<readonly ProbeLeftover[]> {
  const known = { objects: [...trace.objects], uploads: [...trace.uploads] }
  return removeUntilEmpty(place, (found) => list(place, prefix, () => true, signal, found), known, trace.lostWrite, signal)
}

/** Takes out what probes left behind that ended before they could: only below `root`, only what bears a probe's name, only what is old enough. */
export async function removeStale(place: CleanUpPlace, root: string, beforeMs: number, signal: AbortSignal): Promise<readonly ProbeLeftover[]> {
  const isStale = (key: string): boolean => {
    const startedAtMs = probeStartedAtMs(root, key)
    return startedAtMs !== null && startedAtMs < beforeMs
  }
  return removeUntilEmpty(place, (found) => list(place, root, isStale, signal, found), { objects: [], uploads: [] }, false, signal)
}

interface Found {
  readonly objects: ListedVersion[]
  readonly uploads: { readonly key: string; readonly uploadId: string }[]
}

async function list(place: CleanUpPlace, prefix: string, wanted: (key: string) => boolean, signal: AbortSignal, found: Found): Promise<string | null> {
  try {
    for await (const upload of place.store.listUploads(place.bucket, prefix, { signal })) if (wanted(upload.key)) found.uploads.push(upload)
    for await (const version of place.endpoint.versions(prefix, { signal })) if (wanted(version.key)) found.objects.push(version)
    return null
  } catch (error) {
    signal.throwIfAborted()
    return reasonOf(error)
  }
}

async function removeUntilEmpty(
  place: CleanUpPlace,
  look: (found: Found) => Promise<string | null>,
  known: Found,
  lostWrite: boolean,
  signal: AbortSignal,
): Promise<readonly ProbeLeftover[]> {
  const failures = new Map<string, ProbeLeftover>()
  try {
    if (lostWrite) await sleep(LOST_WRITE_MS, undefined, { signal })
    for (let round = 1; ; round++) {
      const found: Found = { objects: [], uploads: [] }
      const unseen = await look(found)
      // without a listing there is only our own word for what is there
      if (unseen !== null && round === 1) {
        found.uploads.push(...known.uploads)
        found.objects.push(...known.objects)
      }
      if (found.objects.length === 0 && found.uploads.length === 0) return [...failures.values()].filter(() => unseen !== null)
      if (round > MAX_ROUNDS) return [...describe(found, failures)]
      failures.clear()
      for (const upload of found.uploads) await removeUpload(place, upload, failures, signal)
      const versioned = found.objects.some((object) => isVersion(object.versionId))
      for (const object of found.objects) await removeObject(place, object, versioned || round > 1, failures, signal)
    }
  } catch (error) {
    if (!signal.aborted) throw error
    return [...describe({ objects: [...known.objects], uploads: [...known.uploads] }, failures, 'the clean-up took too long')]
  }
}

function isVersion(versionId: string | null): boolean {
  return versionId !== null && versionId !== 'null'
}

/** @param named - ask for the version `null` by its name: a plain DELETE would only lay a delete marker over it */
async function removeObject(
  place: CleanUpPlace,
  object: ListedVersion,
  named: boolean,
  failures: Map<string, ProbeLeftover>,
  signal: AbortSignal,
): Promise<void> {
  const versionId = isVersion(object.versionId) || (named && object.versionId !== null) ? object.versionId : null
  try {
    await place.store.delete({ bucket: place.bucket, key: object.key, ...(versionId === null ? {} : { versionId }) }, { signal })
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ObjectStoreError && error.reason === 'not-found') return
    failures.set(JSON.stringify(object), { kind: 'object', key: object.key, versionId: object.versionId, uploadId: null, reason: reasonOf(error) })
  }
}

async function removeUpload(
  place: CleanUpPlace,
  upload: { key: string; uploadId: string },
  failures: Map<string, ProbeLeftover>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await place.store.abortUpload({ bucket: place.bucket, key: upload.key }, upload.uploadId, { signal })
  } catch (error) {
    signal.throwIfAborted()
    failures.set(JSON.stringify(upload), { kind: 'upload', key: upload.key, versionId: null, uploadId: upload.uploadId, reason: reasonOf(error) })
  }
}

function* describe(found: Found, failures: ReadonlyMap<string, ProbeLeftover>, why = 'it is still listed'): Generator<ProbeLeftover> {
  const reason = (key: string, id: string | null): string =>
    [...failures.values()].find((item) => item.key === key && (item.versionId ?? item.uploadId) === id)?.reason ?? why
  for (const { key, versionId } of found.objects) yield { kind: 'object', key, versionId, uploadId: null, reason: reason(key, versionId) }
  for (const { key, uploadId } of found.uploads) yield { kind: 'upload', key, versionId: null, uploadId, reason: reason(key, uploadId) }
}

function reasonOf(error: unknown): string {
  if (error instanceof ObjectStoreError)
    return error.context.status === undefined ? error.reason : `${error.context.status} ${error.context.serverCode ?? error.reason}`
  if (SealiftError.is(error)) return error.code
  throw error
}

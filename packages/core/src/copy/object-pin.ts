import { SealiftError } from '../errors.ts'
import { parseETag } from '../etag.ts'
import type { ObjectRef, ObjectStat } from '../ports/object-store.ts'

/** What the first reply said of an object; every later reply must say the same. */
export interface ObjectPin {
  readonly ref: ObjectRef
  /** raw and strong; null: cannot be used in a condition */
  readonly ifMatch: string | null
  /** without quotes; null for a weak or absent ETag, which neither pins nor contradicts */
  readonly etag: string | null
  readonly lastModified: Date | null
  readonly versionId: string | null
  readonly sizeBytes: number | null
}

/** Pins an object to the state that a reply showed. */
export function pinObject(ref: ObjectRef, stat: ObjectStat): ObjectPin {
  const etag = stat.etag === null ? null : parseETag(stat.etag)
  const strong = etag !== null && !etag.weak
  const versionId = ref.versionId ?? (stat.versionId === 'null' ? null : stat.versionId)
  return {
    ref: versionId === null ? ref : { ...ref, versionId },
    ifMatch: strong ? stat.etag : null,
    etag: strong ? etag.value : null,
    lastModified: stat.lastModified,
    versionId: stat.versionId,
    sizeBytes: stat.sizeBytes,
  }
}

/** True where a second request can be held to the same state of the object. */
export function canPin(pin: ObjectPin): boolean {
  return pin.ifMatch !== null || (pin.ref.versionId !== undefined && pin.versionId !== null)
}

/** What of a reply contradicts the pin, for a person; null where nothing does. Servers that ignore If-Match are caught here. */
export function pinContradiction(pin: ObjectPin, stat: ObjectStat): string | null {
  if (pin.etag !== null && stat.etag !== null) {
    const now = parseETag(stat.etag)
    if (!now.weak && now.value !== pin.etag) return `ETag ${now.value} instead of ${pin.etag}`
  }
  if (pin.etag !== null && stat.etag === null) return 'no ETag any more'
  if (pin.versionId !== null && stat.versionId !== null && pin.versionId !== stat.versionId) return `version ${stat.versionId} instead of ${pin.versionId}`
  if (pin.sizeBytes !== null && stat.sizeBytes !== null && pin.sizeBytes !== stat.sizeBytes) return `${stat.sizeBytes} bytes instead of ${pin.sizeBytes}`
  if (pin.lastModified !== null && stat.lastModified !== null && pin.lastModified.getTime() !== stat.lastModified.getTime()) {
    return `Last-Modified ${stat.lastModified.toISOString()} instead of ${pin.lastModified.toISOString()}`
  }
  return null
}

/** The error for an object that is no longer what was pinned. */
export function changedError(side: 'source' | 'destination', ref: ObjectRef, how: string, cause?: unknown): SealiftError {
  const code = side === 'source' ? 'ERR_SOURCE_CHANGED' : 'ERR_DESTINATION_CHANGED'
  return new SealiftError(code, `${side} ${ref.bucket}/${ref.key} changed while it was read: ${how}`, {
    retryable: true,
    context: { bucket: ref.bucket, key: ref.key },
    ...(cause === undefined ? {} : { cause }),
  })
}

import { rankedPartSizes } from '../checksum/part-size.ts'
import { uploaderPartSizes } from '../checksum/uploader-part-sizes.ts'
import type { LayoutOrigin } from '../object-result.ts'
import { ObjectStoreError } from '../object-store-error.ts'
import type { HashEngine } from '../ports/hash-engine.ts'
import type { ObjectStat } from '../ports/object-store.ts'
import type { CopyJob } from './copy-job.ts'
import { type ObjectPin, pinContradiction } from './object-pin.ts'
import { explicitLayout, type PartLayout, uniformLayout } from './part-plan.ts'
import { LayoutHasher } from './read-hasher.ts'
import { withRetries } from './retry.ts'

export interface KnownLayout {
  readonly layout: PartLayout
  readonly origin: Extract<LayoutOrigin, 'attributes' | 'part-number' | 'derived'>
}

/** How much a derivation may hash, all candidates together, beyond the first eight (design: part layout). */
const DERIVATION_BYTES = 2 * 1024 ** 3

const FIRST_READ_CANDIDATES = 3

/** How many part sizes are tried for an object: up to `max(8, 2 GiB / size)`. */
export function candidateCount(sizeBytes: number): number {
  return Math.max(8, Math.floor(DERIVATION_BYTES / Math.max(1, sizeBytes)))
}

/** Part sizes to try for a multipart object of unknown layout, likeliest first. */
export function candidateLayouts(sizeBytes: number, partCount: number): PartLayout[] {
  // an empty object that was uploaded in parts has one empty part
  if (sizeBytes === 0) return partCount === 1 ? [uniformLayout(0, 1)] : []
  // one part is the whole object, whatever the part size was
  if (partCount === 1) return [uniformLayout(sizeBytes, sizeBytes)]
  return rankedPartSizes(sizeBytes, partCount, candidateCount(sizeBytes)).map((partSizeBytes) => uniformLayout(sizeBytes, partSizeBytes))
}

/**
 * The candidates that one read is hashed over. The first read takes those that known uploaders choose, which are ranked first, and at least the likeliest
 * three: the right one is nearly always among them, and every further one costs an MD5 of the whole object. If none fits, the second read, which is due
 * then anyway, takes them all.
 */
export function candidatesForRead(candidates: readonly PartLayout[], readNumber: number, onlyRead: boolean): readonly PartLayout[] {
  if (readNumber > 0 || onlyRead) return candidates
  const chosen = new Set(uploaderPartSizes(candidates[0]?.sizeBytes ?? 0))
  const known = candidates.filter((layout) => layout.kind === 'uniform' && chosen.has(layout.partSizeBytes)).length
  return candidates.slice(0, Math.max(FIRST_READ_CANDIDATES, known))
}

/** The first layout whose multipart ETag over these bytes is the one given; null where none fits. */
export async function deriveLayout(
  engine: HashEngine,
  bytes: Uint8Array,
  etag: string,
  candidates: readonly PartLayout[],
  signal: AbortSignal,
): Promise<{ layout: PartLayout | null; tried: string[] }> {
  const tried: string[] = []
  for (const layout of candidates) {
    signal.throwIfAborted()
    const hasher = new LayoutHasher(engine, layout, ['md5'])
    hasher.push(bytes)
    const found = hasher.finish().etag
    tried.push(found)
    if (found === etag) return { layout, tried }
    // a candidate is up to 64 MiB of MD5: let timers and sockets live between two
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { layout: null, tried }
}

/**
 * The source's own part layout, where the provider can tell it: GetObjectAttributes, else HEAD `?partNumber=1`.
 * Null where it cannot; a reply that makes no sense counts as none.
 */
export async function knownLayout(job: CopyJob, pin: ObjectPin, sizeBytes: number, partCount: number): Promise<KnownLayout | null> {
  // one part is the whole object: there is nothing to ask
  if (partCount === 1) return { layout: uniformLayout(sizeBytes, Math.max(1, sizeBytes)), origin: 'derived' }
  const { reads } = job.source.profile
  if (reads.objectAttributes === 'yes') {
    const sizes = await quietly(() => withRetries(job, 'source', () => job.source.partSizes(pin.ref, { signal: job.signal })).then((reply) => reply.sizes))
    if (sizes !== null && sizes.length === partCount && sum(sizes) === sizeBytes) return { layout: explicitLayout(sizes), origin: 'attributes' }
  }
  if (reads.partNumber === 'yes') {
    const ask = (ifMatch: string | undefined): Promise<ObjectStat> =>
      withRetries(job, 'source', () => job.source.head(pin.ref, { signal: job.signal, partNumber: 1, ifMatch }))
    const first = await quietly(() =>
      ask(pin.ifMatch ?? undefined).catch((error: unknown) => {
        // a store that gives a part an ETag of its own (moto) compares the condition with that
        if (pin.ifMatch !== null && error instanceof ObjectStoreError && error.reason === 'precondition-failed') return ask(undefined)
        throw error
      }),
    )
    // the reply's size is the part's; so may its ETag be (Ceph, moto), and then its time, too. A layout of another state fits no ETag of this one
    const ownTime = first !== null && pin.etag !== null && pinContradiction({ ...pin, lastModified: null, versionId: null, sizeBytes: null }, first) !== null
    if (first !== null && pinContradiction({ ...pin, etag: null, sizeBytes: null, lastModified: ownTime ? null : pin.lastModified }, first) === null) {
      const partSizeBytes = first.sizeBytes
      if (first.partsCount === partCount && partSizeBytes !== null && partSizeBytes > 0) {
        const layout = uniformLayout(sizeBytes, partSizeBytes)
        // another count: the parts are not of one size, and their sizes are not known
        if (layout.count === partCount) return { layout, origin: 'part-number' }
      }
    }
  }
  return null
}

/** A layout is a help, not a need: a store that refuses the question leaves it unknown. */
async function quietly<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof ObjectStoreError) return null
    throw error
  }
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0)
}

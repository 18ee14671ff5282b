import type { BucketState } from './bucket-state.ts'
import { afterPrefix, type ByteString } from './byte-string.ts'
import { lowerBound, type OrderedKeys } from './key-index.ts'

export interface ScanQuery {
  readonly prefix: ByteString
  readonly delimiter: string
  /** Start after this key, or after all keys of this common prefix. */
  readonly after: ByteString
  /** Start at this key, rather than after it. */
  readonly includeAfter?: boolean
}

/** A key, or a prefix that several keys have in common. */
export interface ScanEntry {
  readonly key: ByteString
  readonly isPrefix: boolean
}

/** Walks a bucket's keys in byte order, generated ones among them; whatever lies below a common prefix is leapt over. */
export function* scanBucket(bucket: BucketState, query: ScanQuery, isShown: (key: ByteString) => boolean): Generator<ScanEntry> {
  const { prefix, delimiter } = query
  const sources: readonly OrderedKeys[] = [bucket.keys, ...bucket.generated.map((objects) => objects.keys)]
  const end = prefix === '' ? null : afterPrefix(prefix)
  let bound = startBound(query)
  const positions = sources.map((keys) => lowerBound(keys, bound))
  for (;;) {
    const key = smallest(sources, positions)
    if (key === null || (end !== null && key >= end)) return
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    if (cut >= 0) {
      const common = key.slice(0, cut + delimiter.length)
      if (isShown(key)) {
        yield { key: common, isPrefix: true }
        const next = afterPrefix(common)
        if (next === null) return
        bound = next
        sources.forEach((keys, i) => {
          positions[i] = lowerBound(keys, bound)
        })
        continue
      }
    } else if (isShown(key)) yield { key, isPrefix: false }
    sources.forEach((keys, i) => {
      const at = positions[i] ?? 0
      if (at < keys.count && keys.keyAt(at) === key) positions[i] = at + 1
    })
  }
}

function startBound({ prefix, delimiter, after, includeAfter }: ScanQuery): ByteString {
  if (after === '' || after < prefix) return prefix
  if (includeAfter === true) return after
  // a marker that is itself a common prefix stands for all the keys below it
  if (delimiter !== '' && after.length > prefix.length && after.startsWith(prefix) && after.endsWith(delimiter)) return afterPrefix(after) ?? `${after}\0`
  return `${after}\0`
}

function smallest(sources: readonly OrderedKeys[], positions: readonly number[]): ByteString | null {
  let least: ByteString | null = null
  sources.forEach((keys, i) => {
    const at = positions[i] ?? 0
    if (at >= keys.count) return
    const key = keys.keyAt(at)
    if (least === null || key < least) least = key
  })
  return least
}

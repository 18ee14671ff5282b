import type { Exchange } from './exchange.ts'
import type { StoredObject } from './object-state.ts'

/** What a cache in front of the store has read: the object as it was then, whatever was written since. */
export interface CachedObject {
  readonly object: StoredObject
  readonly atMs: number
}

/** What the cache holds of the requested object and would still answer with. */
export function cachedObject({ state, request }: Exchange): CachedObject | undefined {
  const { cacheSeconds } = state.personality.reads
  const cached = cacheSeconds > 0 && !isPastCache(request.query) ? state.cache.get(`${request.bucket}/${request.key}`) : undefined
  return cached !== undefined && Date.now() - cached.atMs < cacheSeconds * 1000 ? cached : undefined
}

/** Lets the cache keep an object that is read, and says how it came: `x-cache`, and `age` of at least a second for what was kept. */
export function cacheHeaders({ state, request }: Exchange, object: StoredObject, cached: CachedObject | undefined): Record<string, string> {
  if (state.personality.reads.cacheSeconds === 0) return {}
  if (cached !== undefined) return { 'x-cache': 'HIT', age: String(Math.max(1, Math.floor((Date.now() - cached.atMs) / 1000))) }
  // a copy of the record: a byte that rots in the store does not rot in the cache
  if (!isPastCache(request.query)) state.cache.set(`${request.bucket}/${request.key}`, { object: { ...object }, atMs: Date.now() })
  return { 'x-cache': 'MISS' }
}

function isPastCache(query: ReadonlyMap<string, string>): boolean {
  return query.has('versionId') || query.has('partNumber')
}

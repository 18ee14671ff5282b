import { type ByteString, toBytes } from './byte-string.ts'

/** Keys in byte order, without having to hold them. */
export interface OrderedKeys {
  readonly count: number
  keyAt(position: number): ByteString
}

/** Position of the first key that is not less than `bound`. */
export function lowerBound(keys: OrderedKeys, bound: ByteString): number {
  let low = 0
  let high = keys.count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (keys.keyAt(middle) < bound) low = middle + 1
    else high = middle
  }
  return low
}

/** The keys of a map, sorted when first needed after a change. */
export class StoredKeys implements OrderedKeys {
  readonly #map: ReadonlyMap<ByteString, unknown>
  #sorted: ByteString[] = []
  #stale = false

  constructor(map: ReadonlyMap<ByteString, unknown>) {
    this.#map = map
  }

  /** To be called when a key came or went. */
  changed(): void {
    this.#stale = true
  }

  get count(): number {
    return this.#map.size
  }

  keyAt(position: number): ByteString {
    if (this.#stale) {
      this.#sorted = [...this.#map.keys()].sort((a, b) => (a < b ? -1 : 1))
      this.#stale = false
    }
    return this.#sorted[position] ?? ''
  }
}

/**
 * The keys `keyOf(0)` … `keyOf(count - 1)`. When they come in byte order, which is looked at once, none of them is held; otherwise only
 * their order is (four bytes a key).
 */
export class GeneratedKeys implements OrderedKeys {
  readonly count: number
  readonly #keyOf: (index: number) => string
  #order: Uint32Array | 'given' | null = null

  constructor(count: number, keyOf: (index: number) => string) {
    this.count = count
    this.#keyOf = keyOf
  }

  keyAt(position: number): ByteString {
    return this.#key(this.indexAt(position))
  }

  /** The index that `keyOf` was asked with for the key at this position. */
  indexAt(position: number): number {
    this.#order ??= this.#findOrder()
    return this.#order === 'given' ? position : (this.#order[position] ?? 0)
  }

  /** Position of a key, or -1. */
  find(key: ByteString): number {
    const position = lowerBound(this, key)
    return position < this.count && this.keyAt(position) === key ? position : -1
  }

  #key(index: number): ByteString {
    return toBytes(this.#keyOf(index))
  }

  #findOrder(): Uint32Array | 'given' {
    let previous: ByteString | null = null
    for (let i = 0; i < this.count; i++) {
      const key = this.#key(i)
      if (previous !== null && key <= previous) return this.#sort()
      previous = key
    }
    return 'given'
  }

  #sort(): Uint32Array {
    const keys = Array.from({ length: this.count }, (_, i) => this.#key(i))
    return new Uint32Array(keys.keys()).sort((a, b) => ((keys[a] ?? '') < (keys[b] ?? '') ? -1 : 1))
  }
}

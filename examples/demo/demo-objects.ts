import type { ServerFaultRule } from '@sealift/testing'

const MIB = 1024 * 1024

/** One object of the demo: how it is made at the source, and what goes wrong while it is copied. */
export interface DemoObject {
  readonly key: string
  readonly what: string
  readonly sizeBytes: number
  /** uploaded in parts of this size; absent: one PUT */
  readonly partSizeBytes?: number
  /** only between the in-process servers */
  readonly fault?: ServerFaultRule['action']
}

export const DEMO_OBJECTS: readonly DemoObject[] = [
  { key: 'small.txt', what: 'a small object', sizeBytes: 12_345 },
  { key: 'empty', what: 'an empty object', sizeBytes: 0 },
  { key: 'film.mp4', what: 'multipart, 8 MiB parts: the layout is kept', sizeBytes: 20 * MIB, partSizeBytes: 8 * MIB },
  { key: 'odd-parts.bin', what: 'multipart of an odd part size, derived from the ETag', sizeBytes: 17_000_000, partSizeBytes: 6_000_000 },
  { key: 'keys/../are//bytes ☂', what: 'a key that a URL parser would spoil', sizeBytes: 2_000 },
  { key: 'flipped.bin', what: 'a byte flips on the way in, once', sizeBytes: 300_000, fault: { kind: 'flip', leg: 'response', at: 150_000 } },
  { key: 'changing.log', what: 'the source changes while it is read', sizeBytes: 4 * MIB, fault: { kind: 'source-changed', afterBytes: MIB, mix: true } },
]

const KIB = 1024
const MIB = 1024 * KIB

/** The objects that are copied, by the way that the engine takes with them. */
export const SHAPE_NAMES = ['small', 'medium', 'multipart', 'parts', 'streamed-parts', 'streamed'] as const

export type ShapeName = (typeof SHAPE_NAMES)[number]

/** An object, and the memory that the copy may use for it. */
export interface Shape {
  readonly name: ShapeName
  readonly sizeBytes: number
  /** the source was uploaded in parts of this size; null: by one PUT */
  readonly partSizeBytes: number | null
  /** null: the default of 64 MiB, so that the object is held in memory */
  readonly memoryBytes: number | null
  /** the request that carries its bytes to the destination */
  readonly writes: 'PutObject' | 'UploadPart'
  /** the GetObject that carries its first bytes: where parts are streamed, the reply to the first one is closed unread */
  readonly readsFrom: 1 | 2
  /** whole copies, where the fault is always there: fewer of the large ones, which come to the same end */
  readonly attemptsUnderAlways: 2 | 3
  /** an offset that lies in the body of every request and reply that carries its bytes (but for a short last part) */
  readonly offset: number
}

const FAR = MIB + 17

export const SHAPES: Readonly<Record<ShapeName, Shape>> = {
  /** held, one PUT */
  small: { name: 'small', sizeBytes: 60_000, partSizeBytes: null, memoryBytes: null, writes: 'PutObject', readsFrom: 1, attemptsUnderAlways: 3, offset: 5_003 },
  /** held, one PUT */
  medium: {
    name: 'medium',
    sizeBytes: 6 * MIB,
    partSizeBytes: null,
    memoryBytes: null,
    writes: 'PutObject',
    readsFrom: 1,
    attemptsUnderAlways: 2,
    offset: FAR,
  },
  /** held, three parts */
  multipart: {
    name: 'multipart',
    sizeBytes: 12 * MIB,
    partSizeBytes: 5 * MIB,
    memoryBytes: null,
    writes: 'UploadPart',
    readsFrom: 1,
    attemptsUnderAlways: 2,
    offset: FAR,
  },
  /** four parts, each buffered, two of them read at once: the first from the reply to the first GET, the others by range */
  parts: {
    name: 'parts',
    sizeBytes: 17 * MIB,
    partSizeBytes: 5 * MIB,
    memoryBytes: 15 * MIB,
    writes: 'UploadPart',
    readsFrom: 1,
    attemptsUnderAlways: 2,
    offset: FAR,
  },
  /** parts larger than the memory: each is read by range and streamed */
  'streamed-parts': {
    name: 'streamed-parts',
    sizeBytes: 13 * MIB,
    partSizeBytes: 8 * MIB,
    memoryBytes: 5 * MIB,
    writes: 'UploadPart',
    readsFrom: 2,
    attemptsUnderAlways: 2,
    offset: FAR,
  },
  /** larger than the memory, one PUT with the source's own digest sent ahead */
  streamed: {
    name: 'streamed',
    sizeBytes: 6 * MIB,
    partSizeBytes: null,
    memoryBytes: 5 * MIB,
    writes: 'PutObject',
    readsFrom: 1,
    attemptsUnderAlways: 2,
    offset: FAR,
  },
}

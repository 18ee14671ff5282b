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

/** Past what one read of a socket or one write of a body brings. */
const FAR = 300_017

/** The least part that the kit's two servers and their profiles take in the matrix: the same protocol with a twentieth of the bytes. */
export const KIT_MIN_PART_BYTES: number = 64 * KIB

const SMALL: Shape = {
  name: 'small',
  sizeBytes: 60_000,
  partSizeBytes: null,
  memoryBytes: null,
  writes: 'PutObject',
  readsFrom: 1,
  attemptsUnderAlways: 3,
  offset: 5_003,
}
const MEDIUM: Shape = { ...SMALL, name: 'medium', sizeBytes: 2 * MIB, attemptsUnderAlways: 2, offset: FAR }
const MULTIPART: Shape = { ...MEDIUM, name: 'multipart', sizeBytes: 10 * MIB + 400_000, partSizeBytes: 5 * MIB, writes: 'UploadPart' }
const PARTS: Shape = { ...MULTIPART, name: 'parts', sizeBytes: 15 * MIB + 400_000, memoryBytes: 15 * MIB }
const STREAMED_PARTS: Shape = {
  ...MULTIPART,
  name: 'streamed-parts',
  sizeBytes: 9 * MIB,
  partSizeBytes: 8 * MIB,
  memoryBytes: 5 * MIB,
  readsFrom: 2,
}
const STREAMED: Shape = { ...MEDIUM, name: 'streamed', sizeBytes: 5 * MIB + 400_000, memoryBytes: 5 * MIB }

/** As real stores allow them, whose parts have 5 MiB at least. */
export const SHAPES: Readonly<Record<ShapeName, Shape>> = {
  /** held, one PUT */
  small: SMALL,
  /** held, one PUT */
  medium: MEDIUM,
  /** held, three parts */
  multipart: MULTIPART,
  /** four parts, each buffered, two of them read at once: the first from the reply to the first GET, the others by range */
  parts: PARTS,
  /** parts larger than the memory: each is read by range and streamed */
  'streamed-parts': STREAMED_PARTS,
  /** larger than the memory, one PUT with the source's own digest sent ahead */
  streamed: STREAMED,
}

/** The same ways with the kit's smaller parts. */
export const KIT_SHAPES: Readonly<Record<ShapeName, Shape>> = {
  ...SHAPES,
  multipart: { ...MULTIPART, sizeBytes: 2 * MIB + 400_000, partSizeBytes: MIB },
  // a third of the memory is a part
  parts: { ...PARTS, sizeBytes: 3 * 1_700_000 + 400_000, partSizeBytes: 1_700_000, memoryBytes: 5 * MIB },
}

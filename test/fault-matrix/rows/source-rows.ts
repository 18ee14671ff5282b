import type { MatrixAction, Row } from '../cell.ts'
import { either, failed, OPEN, SOURCE_INCONSISTENT, VERIFIED } from '../expectations.ts'
import { SHAPE_NAMES, type Shape } from '../shapes.ts'

/** Sources with a multipart ETag: a difference from it never binds. */
const MULTIPART = ['multipart', 'parts', 'streamed-parts'] as const

/** A fault in a reply that carries the source's bytes. */
const read = (action: (shape: Shape) => MatrixAction): Row['faults'] => {
  return (shape) => [{ at: 'source', match: { operation: 'GetObject' }, onceNth: shape.readsFrom, action: action(shape) }]
}

/** A fault in the first reply of the source. */
const firstRead = (action: MatrixAction): Row['faults'] => {
  return () => [{ at: 'source', match: { operation: 'GetObject' }, action }]
}

/** The way in: what goes wrong while the source is read. */
export const SOURCE_ROWS: readonly Row[] = [
  {
    name: 'read-flip',
    shapes: SHAPE_NAMES,
    faults: read(({ offset }) => ({ kind: 'flip', leg: 'response', at: offset })),
    once: VERIFIED,
    always: SOURCE_INCONSISTENT,
    // AWS stores a checksum of the whole object with every upload, which binds
    except: [{ shapes: MULTIPART, grounds: ['rgw', 'kit-ceph'], always: OPEN }],
  },
  {
    name: 'read-cut',
    shapes: SHAPE_NAMES,
    faults: read(({ offset }) => ({ kind: 'truncate', leg: 'response', at: offset })),
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
  {
    name: 'read-reset',
    shapes: SHAPE_NAMES,
    faults: read(({ offset }) => ({ kind: 'reset', leg: 'response', at: offset })),
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
  {
    name: 'read-stall',
    shapes: SHAPE_NAMES,
    faults: read(({ offset }) => ({ kind: 'stall', leg: 'response', at: offset })),
    once: VERIFIED,
    always: failed('ERR_TIMEOUT'),
  },
  { name: 'read-503', shapes: SHAPE_NAMES, faults: firstRead({ kind: 'status', status: 503 }), once: VERIFIED, always: failed('ERR_THROTTLED') },
  { name: 'read-500', shapes: ['small', 'parts'], faults: firstRead({ kind: 'status', status: 500 }), once: VERIFIED, always: failed('ERR_TRANSFER') },
  { name: 'read-error-in-200', shapes: SHAPE_NAMES, faults: firstRead({ kind: 'error-in-200' }), once: VERIFIED, always: failed('ERR_TRANSFER') },
  { name: 'read-lost', shapes: SHAPE_NAMES, faults: firstRead({ kind: 'lost-reply' }), once: VERIFIED, always: failed('ERR_TRANSFER') },
  {
    // a reply under way goes on with the old bytes, which fit the pinned ETag; only a later request could see the change
    name: 'source-changed-while-read',
    shapes: SHAPE_NAMES,
    faults: read(({ offset }) => ({ kind: 'source-changed', afterBytes: offset })),
    once: VERIFIED,
    // also where parts are read one by one: what the change leaves is one PUT, which one reply carries
    always: VERIFIED,
  },
  {
    name: 'source-changed-between-two-reads',
    shapes: SHAPE_NAMES,
    // a read, the change, a read of the new state and its second read: four attempts as the design counts them
    options: { verify: { secondRead: 'always' }, attempts: 4 },
    faults: read(({ offset }) => ({ kind: 'source-changed', afterBytes: offset })),
    once: VERIFIED,
    always: either(
      '5.1: a change is ERR_SOURCE_CHANGED, start over, bounded; the last attempt may also be the first read of a new state, which alone is not enough',
      failed('ERR_SOURCE_CHANGED'),
      failed('ERR_TRANSFER'),
    ),
  },
  {
    name: 'source-changed-and-mixed',
    grounds: ['kit-ceph', 'kit-aws'],
    shapes: SHAPE_NAMES,
    faults: read(({ offset }) => ({ kind: 'source-changed', afterBytes: offset, mix: true })),
    once: VERIFIED,
    always: either(
      '5.1: a change is ERR_SOURCE_CHANGED, start over, bounded; rule 5: different digests mean that neither read is believed alone',
      failed('ERR_SOURCE_CHANGED'),
      failed('ERR_TRANSFER'),
    ),
  },
]

import type { MatrixAction, Row } from '../cell.ts'
import { failed, VERIFIED } from '../expectations.ts'
import { SHAPE_NAMES, type Shape } from '../shapes.ts'

const SINGLE = ['small', 'medium', 'streamed'] as const

/** A fault of the request that carries bytes to the destination: the PUT, or the upload of the second part. */
const write = (action: (shape: Shape) => MatrixAction): Row['faults'] => {
  return (shape) => [
    {
      at: 'destination',
      match: shape.writes === 'PutObject' ? { operation: 'PutObject' } : { operation: 'UploadPart', partNumber: 2 },
      action: action(shape),
    },
  ]
}

/** The way out: what goes wrong with the request that carries bytes. */
export const WRITE_ROWS: readonly Row[] = [
  {
    name: 'write-flip',
    shapes: SHAPE_NAMES,
    faults: write(({ offset }) => ({ kind: 'flip', leg: 'request', at: offset })),
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
  {
    name: 'write-cut',
    shapes: SHAPE_NAMES,
    faults: write(({ offset }) => ({ kind: 'truncate', leg: 'request', at: offset })),
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
  {
    name: 'write-reset',
    shapes: SHAPE_NAMES,
    faults: write(({ offset }) => ({ kind: 'reset', leg: 'request', at: offset })),
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
  {
    name: 'write-stall',
    shapes: SHAPE_NAMES,
    faults: write(({ offset }) => ({ kind: 'stall', leg: 'request', at: offset })),
    once: VERIFIED,
    always: failed('ERR_TIMEOUT'),
  },
  { name: 'write-503', shapes: SHAPE_NAMES, faults: write(() => ({ kind: 'status', status: 503 })), once: VERIFIED, always: failed('ERR_THROTTLED') },
  {
    name: 'write-500',
    shapes: ['small', 'parts'],
    faults: write(() => ({ kind: 'status', status: 500 })),
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
  {
    name: 'write-error-in-200',
    shapes: SHAPE_NAMES,
    faults: write(() => ({ kind: 'error-in-200' })),
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
  {
    name: 'write-error-in-200-though-done',
    shapes: SHAPE_NAMES,
    faults: write(() => ({ kind: 'error-in-200', done: true })),
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
    // 5.6, 5.14: a write that may have succeeded is looked for by HEAD
    except: [{ shapes: SINGLE, always: VERIFIED }],
  },
  {
    name: 'write-reply-lost',
    shapes: SHAPE_NAMES,
    faults: write(() => ({ kind: 'lost-reply' })),
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
    except: [{ shapes: SINGLE, always: VERIFIED }],
  },
  {
    name: 'write-never-arrives',
    shapes: SHAPE_NAMES,
    faults: write(() => ({ kind: 'never-arrives' })),
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
]

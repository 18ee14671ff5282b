import type { Expectation, MatrixAction, Row } from '../cell.ts'
import { either, failed, unverified, VERIFIED } from '../expectations.ts'
import type { Shape } from '../shapes.ts'

const readBack = (action: (shape: Shape) => MatrixAction): Row['faults'] => {
  return (shape) => [{ at: 'destination', match: { operation: 'GetObject' }, action: action(shape) }]
}

const atRest = (shape: Shape): MatrixAction => ({ kind: 'flip', leg: 'rest', at: shape.offset })

/** Rule 3: the same wrong digest twice is a mismatch; 5.13: what is ours is deleted. */
const WRONG_TWICE: Expectation = { verdicts: ['mismatch'], assurance: 'none', codes: ['ERR_INTEGRITY_MISMATCH'], atRest: ['absent'] }

const READ_BACK = { shapes: ['small', 'medium', 'multipart'], options: { verify: { readBack: 'always' } } } as const

/** Reading the written object back. */
export const READ_BACK_ROWS: readonly Row[] = [
  {
    ...READ_BACK,
    name: 'read-back-flip',
    faults: readBack(({ offset }) => ({ kind: 'flip', leg: 'response', at: offset })),
    once: VERIFIED,
    always: { ...WRONG_TWICE, apart: 'every-reading-wrong', because: 'rule 3: the same wrong digest twice is a mismatch' },
  },
  {
    ...READ_BACK,
    name: 'read-back-cut',
    faults: readBack(({ offset }) => ({ kind: 'truncate', leg: 'response', at: offset })),
    once: VERIFIED,
    always: failed('ERR_TRANSFER', 'source'),
  },
  {
    ...READ_BACK,
    name: 'read-back-reset',
    faults: readBack(({ offset }) => ({ kind: 'reset', leg: 'response', at: offset })),
    once: VERIFIED,
    always: failed('ERR_TRANSFER', 'source'),
  },
  {
    ...READ_BACK,
    name: 'read-back-stall',
    faults: readBack(({ offset }) => ({ kind: 'stall', leg: 'response', at: offset })),
    once: VERIFIED,
    always: failed('ERR_TIMEOUT', 'source'),
  },
  { ...READ_BACK, name: 'read-back-503', faults: readBack(() => ({ kind: 'status', status: 503 })), once: VERIFIED, always: failed('ERR_THROTTLED', 'source') },
  {
    ...READ_BACK,
    name: 'read-back-error-in-200',
    faults: readBack(() => ({ kind: 'error-in-200' })),
    once: VERIFIED,
    always: either(
      'rule 7: a reply without our identity is polled, then unverified; or a transfer error',
      unverified('ERR_DESTINATION_CHANGED', 'source'),
      failed('ERR_TRANSFER', 'source'),
    ),
  },
  {
    // bytes that rot in the store, behind digests that stay as they were: only reading back can see it
    ...READ_BACK,
    name: 'harmed-at-rest',
    grounds: ['kit-ceph', 'kit-aws'],
    faults: (shape) => [
      {
        at: 'destination',
        match: shape.writes === 'PutObject' ? { operation: 'PutObject' } : { operation: 'UploadPart', partNumber: 2 },
        action: atRest(shape),
      },
    ],
    once: VERIFIED,
    always: WRONG_TWICE,
  },
]

import type { MatrixAction, Row } from '../cell.ts'
import { failed, VERIFIED } from '../expectations.ts'

const IN_PARTS = ['multipart', 'parts', 'streamed-parts'] as const

const on = (operation: 'CreateMultipartUpload' | 'CompleteMultipartUpload', action: MatrixAction): Row['faults'] => {
  return () => [{ at: 'destination', match: { operation }, action }]
}

/** The control requests of a multipart upload. */
export const UPLOAD_ROWS: readonly Row[] = [
  {
    name: 'create-reply-lost',
    shapes: IN_PARTS,
    setting: { mayLeaveUploads: true },
    faults: on('CreateMultipartUpload', { kind: 'lost-reply' }),
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
  {
    name: 'create-error-in-200-though-done',
    shapes: IN_PARTS,
    setting: { mayLeaveUploads: true },
    faults: on('CreateMultipartUpload', { kind: 'error-in-200', done: true }),
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
  {
    name: 'create-error-in-200',
    shapes: IN_PARTS,
    faults: on('CreateMultipartUpload', { kind: 'error-in-200' }),
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
  {
    name: 'create-503',
    shapes: IN_PARTS,
    faults: on('CreateMultipartUpload', { kind: 'status', status: 503 }),
    once: VERIFIED,
    always: failed('ERR_THROTTLED'),
  },
  {
    name: 'create-never-arrives',
    shapes: IN_PARTS,
    faults: on('CreateMultipartUpload', { kind: 'never-arrives' }),
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
  // 5.6: after a lost reply ListParts; gone: HEAD, and the predicted ETag, the size and the time mean that it is ours
  { name: 'complete-reply-lost', shapes: IN_PARTS, faults: on('CompleteMultipartUpload', { kind: 'lost-reply' }), once: VERIFIED, always: VERIFIED },
  {
    name: 'complete-error-in-200-though-done',
    shapes: IN_PARTS,
    faults: on('CompleteMultipartUpload', { kind: 'error-in-200', done: true }),
    once: VERIFIED,
    always: VERIFIED,
  },
  {
    name: 'complete-error-in-200',
    shapes: IN_PARTS,
    faults: on('CompleteMultipartUpload', { kind: 'error-in-200' }),
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
  {
    name: 'complete-503',
    shapes: IN_PARTS,
    faults: on('CompleteMultipartUpload', { kind: 'status', status: 503 }),
    once: VERIFIED,
    always: failed('ERR_THROTTLED'),
  },
  {
    name: 'complete-never-arrives',
    shapes: IN_PARTS,
    faults: on('CompleteMultipartUpload', { kind: 'never-arrives' }),
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
  {
    name: 'complete-request-flip',
    shapes: IN_PARTS,
    faults: on('CompleteMultipartUpload', { kind: 'flip', leg: 'request', at: 160 }),
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
  {
    name: 'complete-request-stall',
    shapes: ['multipart'],
    faults: on('CompleteMultipartUpload', { kind: 'stall', leg: 'request', at: 40 }),
    once: VERIFIED,
    always: failed('ERR_TIMEOUT'),
  },
  {
    name: 'complete-reply-late',
    shapes: ['multipart'],
    faults: on('CompleteMultipartUpload', { kind: 'delay', delayMs: 4_000 }),
    once: VERIFIED,
    always: failed('ERR_TIMEOUT'),
  },
  {
    name: 'part-and-abort-503',
    shapes: IN_PARTS,
    setting: { mayLeaveUploads: true },
    faults: () => [
      { at: 'destination', match: { operation: 'UploadPart', partNumber: 2, times: 'always' }, action: { kind: 'status', status: 503 } },
      { at: 'destination', match: { operation: 'AbortMultipartUpload' }, action: { kind: 'status', status: 503 } },
    ],
    // the parts never get through; what differs is whether the abort does
    once: failed('ERR_THROTTLED'),
    always: failed('ERR_THROTTLED'),
  },
  {
    name: 'part-503-and-abort-reply-lost',
    shapes: IN_PARTS,
    setting: { mayLeaveUploads: true },
    faults: () => [
      { at: 'destination', match: { operation: 'UploadPart', partNumber: 2, times: 'always' }, action: { kind: 'status', status: 503 } },
      { at: 'destination', match: { operation: 'AbortMultipartUpload' }, action: { kind: 'lost-reply' } },
    ],
    once: failed('ERR_THROTTLED'),
    always: failed('ERR_THROTTLED'),
  },
]

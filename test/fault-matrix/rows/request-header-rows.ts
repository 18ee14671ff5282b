import type { MatrixFault, Row } from '../cell.ts'
import { failed, VERIFIED } from '../expectations.ts'
import type { Shape } from '../shapes.ts'

type Operation = 'GetObject' | 'HeadObject' | 'CreateMultipartUpload' | 'CompleteMultipartUpload'

const flip = (at: MatrixFault['at'], operation: Operation, name: string, nth = 1): MatrixFault => {
  return { at, match: { operation, nth }, action: { kind: 'flip-header', leg: 'request', name } }
}

/** The PUT, or the upload of the second part. */
const write = (name: string): Row['faults'] => {
  return ({ writes }: Shape) => [
    {
      at: 'destination',
      match: writes === 'PutObject' ? { operation: 'PutObject' } : { operation: 'UploadPart', partNumber: 2 },
      action: { kind: 'flip-header', leg: 'request', name },
    },
  ]
}

/** A read that goes on after a cut is a ranged one, under a condition. */
const resumed = (name: string): Row['faults'] => {
  return ({ offset }: Shape) => [
    { at: 'source', match: { operation: 'GetObject', times: 1 }, action: { kind: 'truncate', leg: 'response', at: offset } },
    flip('source', 'GetObject', name, 2),
  ]
}

const BYTES = ['small', 'medium', 'multipart', 'streamed-parts', 'streamed'] as const

/** One header of a request says something else than we sent. Each of them is signed, so that the server refuses what it would otherwise have believed. */
export const REQUEST_HEADER_ROWS: readonly Row[] = [
  {
    name: 'read-request-payload-hash',
    shapes: ['small', 'multipart'],
    faults: () => [flip('source', 'GetObject', 'x-amz-content-sha256')],
    once: VERIFIED,
    always: failed(['ERR_CREDENTIALS', 'ERR_TRANSFER', 'ERR_ACCESS_DENIED']),
  },
  {
    name: 'read-request-range',
    shapes: ['small', 'multipart'],
    faults: resumed('range'),
    once: VERIFIED,
    // 5.4: the copy that begins anew reads the whole object, without a range
    always: VERIFIED,
  },
  {
    name: 'read-request-if-match',
    shapes: ['small', 'multipart'],
    faults: resumed('if-match'),
    once: VERIFIED,
    always: failed('ERR_CREDENTIALS'),
  },
  {
    name: 'write-request-payload-hash',
    shapes: BYTES,
    faults: write('x-amz-content-sha256'),
    once: VERIFIED,
    always: failed(['ERR_CREDENTIALS', 'ERR_TRANSFER']),
  },
  {
    name: 'write-request-content-md5',
    grounds: ['rgw', 'kit-ceph'],
    // a part that is streamed has no digest yet when its header goes
    shapes: ['small', 'medium', 'multipart', 'streamed'],
    faults: write('content-md5'),
    once: VERIFIED,
    always: failed(['ERR_CREDENTIALS', 'ERR_TRANSFER']),
  },
  {
    name: 'write-request-content-type',
    shapes: ['small', 'streamed'],
    faults: write('content-type'),
    once: VERIFIED,
    always: failed('ERR_CREDENTIALS'),
  },
  {
    name: 'create-request-payload-hash',
    shapes: ['multipart'],
    faults: () => [flip('destination', 'CreateMultipartUpload', 'x-amz-content-sha256')],
    once: VERIFIED,
    always: failed(['ERR_CREDENTIALS', 'ERR_TRANSFER']),
  },
  {
    name: 'complete-request-payload-hash',
    shapes: ['multipart'],
    faults: () => [flip('destination', 'CompleteMultipartUpload', 'x-amz-content-sha256')],
    once: VERIFIED,
    always: failed(['ERR_CREDENTIALS', 'ERR_TRANSFER']),
  },
]

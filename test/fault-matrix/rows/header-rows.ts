import type { MatrixFault, Row } from '../cell.ts'
import { either, failed, OPEN, SOURCE_INCONSISTENT, unverified, VERIFIED } from '../expectations.ts'
import type { Shape } from '../shapes.ts'

const PROBED = ['small', 'medium', 'multipart', 'streamed-parts'] as const
const IN_PARTS = ['multipart', 'streamed-parts'] as const

type Operation = 'GetObject' | 'HeadObject' | 'PutObject' | 'UploadPart' | 'CompleteMultipartUpload'

const flip = (at: MatrixFault['at'], operation: Operation, name: string, nth = 1): MatrixFault => {
  return { at, match: { operation, nth }, action: { kind: 'flip-header', leg: 'response', name } }
}
const source = (name: string): Row['faults'] => {
  return () => [flip('source', 'GetObject', name)]
}

const PIN_LIES = '5.1: no second read can be held to an ETag that the source does not have; rule 2: no evidence is its own verdict'
const NAMED_BY_REPLY = "rule 7: evidence counts only for the object that our write's reply named; another identity there is unverified, and nothing is deleted"

/** One header of a reply says something else than the server sent. */
export const HEADER_ROWS: readonly Row[] = [
  {
    name: 'source-etag',
    shapes: PROBED,
    faults: source('etag'),
    once: VERIFIED,
    always: either(PIN_LIES, failed('ERR_TRANSFER'), failed('ERR_SOURCE_CHANGED')),
    except: [{ shapes: IN_PARTS, always: either(PIN_LIES, failed('ERR_TRANSFER'), failed('ERR_SOURCE_CHANGED'), unverified('ERR_UNVERIFIED', 'source')) }],
  },
  {
    name: 'source-content-length',
    shapes: PROBED,
    faults: source('content-length'),
    once: VERIFIED,
    always: either(
      '5.2: a short or long stream never completes a request; rule 3 where a shorter length is read twice alike; rule 5 where nothing binds',
      failed('ERR_TRANSFER'),
      failed('ERR_TIMEOUT'),
      failed('ERR_SOURCE_CHANGED'),
      SOURCE_INCONSISTENT,
    ),
    except: [
      {
        shapes: IN_PARTS,
        grounds: ['rgw', 'kit-ceph'],
        always: either('5.2, and rule 5 where nothing binds', failed('ERR_TRANSFER'), failed('ERR_TIMEOUT'), failed('ERR_SOURCE_CHANGED'), OPEN),
      },
    ],
  },
  // a time that only pins: the bytes fit the ETag all the same
  { name: 'source-last-modified', shapes: PROBED, faults: source('last-modified'), once: VERIFIED, always: VERIFIED },
  {
    name: 'source-content-range',
    shapes: ['small', 'medium', 'multipart'],
    faults: ({ offset }: Shape) => [
      { at: 'source', match: { operation: 'GetObject', times: 1 }, action: { kind: 'truncate', leg: 'response', at: offset } },
      flip('source', 'GetObject', 'content-range', 2),
    ],
    once: VERIFIED,
    // 5.1: Content-Range and length are checked; a reply from elsewhere is not believed
    always: either('a range that is not the one asked for is never used', failed('ERR_TRANSFER'), failed('ERR_SOURCE_CHANGED'), VERIFIED),
  },
  {
    name: 'source-part-content-range',
    shapes: ['streamed-parts'],
    faults: () => [flip('source', 'GetObject', 'content-range', 3)],
    once: VERIFIED,
    always: either('a range that is not the one asked for is never used', failed('ERR_TRANSFER'), failed('ERR_SOURCE_CHANGED')),
  },
  {
    name: 'source-version',
    shapes: PROBED,
    setting: { versionedSource: true },
    faults: source('x-amz-version-id'),
    once: VERIFIED,
    always: VERIFIED,
    except: [
      {
        shapes: ['streamed-parts'],
        always: either('5.1: a version that is not there cannot be read', failed('ERR_SOURCE_CHANGED'), failed('ERR_SOURCE_NOT_FOUND'), failed('ERR_TRANSFER')),
      },
    ],
  },
  {
    name: 'source-checksum',
    grounds: ['kit-aws'],
    shapes: ['small', 'medium', 'multipart'],
    setting: { uploadedSource: true },
    faults: source('x-amz-checksum-crc64nvme'),
    once: VERIFIED,
    always: SOURCE_INCONSISTENT,
  },
  {
    name: 'put-reply-etag',
    shapes: ['small', 'medium', 'streamed'],
    faults: () => [flip('destination', 'PutObject', 'etag')],
    once: VERIFIED,
    // rule 3: a difference on the destination leg is settled by reading back
    always: VERIFIED,
  },
  {
    name: 'put-reply-checksum',
    grounds: ['kit-aws'],
    shapes: ['small', 'medium', 'streamed'],
    faults: () => [flip('destination', 'PutObject', 'x-amz-checksum-crc64nvme')],
    once: VERIFIED,
    always: VERIFIED,
  },
  {
    name: 'put-reply-version',
    shapes: ['small', 'streamed'],
    setting: { versionedDestination: true, harmedVersionId: true },
    faults: () => [flip('destination', 'PutObject', 'x-amz-version-id')],
    once: VERIFIED,
    always: VERIFIED,
  },
  {
    name: 'part-reply-etag',
    shapes: IN_PARTS,
    faults: () => [flip('destination', 'UploadPart', 'etag')],
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
  {
    name: 'complete-reply-version',
    shapes: ['multipart'],
    setting: { versionedDestination: true, harmedVersionId: true },
    faults: () => [flip('destination', 'CompleteMultipartUpload', 'x-amz-version-id')],
    once: either(NAMED_BY_REPLY, VERIFIED, unverified('ERR_DESTINATION_CHANGED', 'source')),
    always: either(NAMED_BY_REPLY, VERIFIED, unverified('ERR_DESTINATION_CHANGED', 'source')),
  },
  {
    name: 'head-etag',
    shapes: IN_PARTS,
    faults: () => [flip('destination', 'HeadObject', 'etag')],
    once: VERIFIED,
    always: unverified('ERR_DESTINATION_CHANGED', 'source'),
  },
  {
    name: 'head-content-length',
    shapes: IN_PARTS,
    faults: () => [flip('destination', 'HeadObject', 'content-length')],
    once: VERIFIED,
    always: either('rule 3: read back; rule 7 and 5.6: the size belongs to the predicted identity', VERIFIED, unverified('ERR_DESTINATION_CHANGED', 'source')),
  },
  {
    name: 'head-last-modified',
    shapes: IN_PARTS,
    faults: () => [flip('destination', 'HeadObject', 'last-modified')],
    once: VERIFIED,
    always: either(
      '5.6: a Last-Modified not before our Create; where the reply named the ETag no time is needed',
      VERIFIED,
      unverified('ERR_DESTINATION_CHANGED', 'source'),
    ),
  },
  {
    name: 'read-back-etag',
    shapes: ['small', 'multipart'],
    options: { verify: { readBack: 'always' } },
    faults: () => [flip('destination', 'GetObject', 'etag')],
    once: VERIFIED,
    always: either('rule 7: a read-back that shows another identity is not ours', unverified('ERR_DESTINATION_CHANGED', 'source')),
  },
  {
    name: 'read-back-content-length',
    shapes: ['small', 'multipart'],
    options: { verify: { readBack: 'always' } },
    faults: () => [flip('destination', 'GetObject', 'content-length')],
    once: VERIFIED,
    always: either(
      'rule 3: a wrong size seen twice is a mismatch; a reply that never ends as it says is a transfer error; rule 7: another size is another identity',
      failed('ERR_TRANSFER', ['source', 'absent']),
      failed('ERR_TIMEOUT', 'source'),
      unverified('ERR_DESTINATION_CHANGED', 'source'),
      { verdicts: ['mismatch'], assurance: 'none', codes: ['ERR_INTEGRITY_MISMATCH'], atRest: ['absent'], apart: 'every-reading-wrong' },
    ),
  },
]

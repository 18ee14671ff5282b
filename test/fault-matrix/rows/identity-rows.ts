import type { Expectation, Row } from '../cell.ts'
import { either, unverified, VERIFIED } from '../expectations.ts'

const IN_PARTS = ['multipart', 'parts', 'streamed-parts'] as const
const SINGLE = ['small', 'medium', 'streamed'] as const

const commit = (writes: 'PutObject' | 'UploadPart'): 'PutObject' | 'CompleteMultipartUpload' =>
  writes === 'PutObject' ? 'PutObject' : 'CompleteMultipartUpload'

/** Policy: somebody's object is there, and stays. */
const SKIPPED: Expectation = { verdicts: ['skipped'], assurance: 'none', codes: ['ERR_DESTINATION_EXISTS'], atRest: ['second-writer'] }

/** Rule 7: another identity there, after `settleMs`, is unverified, and nothing is deleted. */
const NOT_OURS: Expectation = unverified('ERR_DESTINATION_CHANGED', 'second-writer')

/** Somebody else writes at the destination; a HEAD is behind. */
export const IDENTITY_ROWS: readonly Row[] = [
  {
    // `overwrite: 'always'`: who wrote before us is overwritten
    name: 'second-writer-before',
    shapes: ['small', 'medium', 'multipart', 'streamed-parts', 'streamed'],
    faults: ({ writes }) => [{ at: 'destination', match: { operation: commit(writes) }, action: { kind: 'second-writer', when: 'before' } }],
    once: VERIFIED,
    always: VERIFIED,
  },
  {
    name: 'second-writer-after',
    shapes: IN_PARTS,
    faults: () => [{ at: 'destination', match: { operation: 'CompleteMultipartUpload' }, action: { kind: 'second-writer', when: 'after' } }],
    once: NOT_OURS,
    always: NOT_OURS,
  },
  {
    // the write's own reply named and proved our object: what comes later is not asked
    name: 'second-writer-after',
    shapes: SINGLE,
    faults: () => [{ at: 'destination', match: { operation: 'PutObject' }, action: { kind: 'second-writer', when: 'after' } }],
    once: {
      ...VERIFIED,
      atRest: ['second-writer'],
      because: 'section 6: no HEAD where the replies already carry the evidence; the verdict speaks of the write it names',
    },
    always: {
      ...VERIFIED,
      atRest: ['second-writer'],
      because: 'section 6: no HEAD where the replies already carry the evidence; the verdict speaks of the write it names',
    },
  },
  {
    name: 'second-writer-before-read-back',
    shapes: ['small', 'multipart'],
    options: { verify: { readBack: 'always' } },
    faults: () => [{ at: 'destination', match: { operation: 'GetObject' }, action: { kind: 'second-writer', when: 'before' } }],
    once: NOT_OURS,
    always: NOT_OURS,
  },
  {
    // the version that our write made is still there, and is what the verdict speaks of
    name: 'second-writer-after-with-versions',
    shapes: ['small', 'multipart', 'streamed-parts'],
    setting: { versionedDestination: true },
    faults: ({ writes }) => [{ at: 'destination', match: { operation: commit(writes) }, action: { kind: 'second-writer', when: 'after' } }],
    once: { ...VERIFIED, atRest: ['second-writer'] },
    always: { ...VERIFIED, atRest: ['second-writer'] },
  },
  {
    // harmed at rest, with versions: only our version goes (5.13)
    name: 'second-writer-and-mismatch-with-versions',
    grounds: ['kit-aws'],
    shapes: ['small', 'multipart'],
    setting: { versionedDestination: true },
    options: { verify: { readBack: 'always' } },
    faults: ({ writes, offset }) => [
      {
        at: 'destination',
        match: writes === 'PutObject' ? { operation: 'PutObject' } : { operation: 'UploadPart', partNumber: 2 },
        action: { kind: 'flip', leg: 'rest', at: offset },
      },
      { at: 'destination', match: { operation: 'GetObject' }, action: { kind: 'second-writer', when: 'before' } },
    ],
    always: { verdicts: ['mismatch'], assurance: 'none', codes: ['ERR_INTEGRITY_MISMATCH'], atRest: ['second-writer'] },
  },
  {
    // written after the copy looked and before it commits; Complete ignores conditions on Ceph, and there HEAD sees it
    name: 'second-writer-during-parts-never-overwrite',
    shapes: IN_PARTS,
    setting: { emptyDestination: true },
    options: { overwrite: 'never' },
    faults: () => [{ at: 'destination', match: { operation: 'UploadPart', partNumber: 2 }, action: { kind: 'second-writer', when: 'before' } }],
    once: SKIPPED,
    always: SKIPPED,
  },
  {
    // 5.14: If-None-Match refuses it at the server
    name: 'second-writer-before-never-overwrite',
    shapes: ['small', 'medium', 'streamed'],
    setting: { emptyDestination: true },
    options: { overwrite: 'never' },
    faults: () => [{ at: 'destination', match: { operation: 'PutObject' }, action: { kind: 'second-writer', when: 'before' } }],
    once: SKIPPED,
    always: SKIPPED,
  },
  {
    name: 'second-writer-before-complete-never-overwrite',
    grounds: ['kit-aws'],
    shapes: IN_PARTS,
    setting: { emptyDestination: true },
    options: { overwrite: 'never' },
    faults: () => [{ at: 'destination', match: { operation: 'CompleteMultipartUpload' }, action: { kind: 'second-writer', when: 'before' } }],
    once: SKIPPED,
    always: SKIPPED,
  },
  {
    // 5.14: a retried If-None-Match is answered with 412 by our own first try: HEAD decides
    name: 'own-write-lost-never-overwrite',
    shapes: SINGLE,
    setting: { emptyDestination: true },
    options: { overwrite: 'never' },
    faults: () => [{ at: 'destination', match: { operation: 'PutObject' }, action: { kind: 'lost-reply' } }],
    once: VERIFIED,
    always: VERIFIED,
  },
  {
    name: 'second-writer-after-lost-reply',
    shapes: ['small', 'medium', 'multipart'],
    faults: ({ writes }) => [
      { at: 'destination', match: { operation: commit(writes), times: 'always' }, action: { kind: 'lost-reply' } },
      { at: 'destination', match: { operation: 'HeadObject' }, action: { kind: 'second-writer', when: 'before' } },
    ],
    once: either(
      '5.6: unpredictable: copy again, bounded; the object that is there is not ours',
      { ...NOT_OURS, verdicts: ['failed', 'unverified'], codes: ['ERR_TRANSFER', 'ERR_DESTINATION_CHANGED'] },
      VERIFIED,
    ),
    always: {
      ...NOT_OURS,
      verdicts: ['failed', 'unverified'],
      codes: ['ERR_TRANSFER', 'ERR_DESTINATION_CHANGED'],
      because: 'no reply names our write, and the object that is there is not ours',
    },
  },
  ...(['missing', 'earlier'] as const).map(
    (head): Row => ({
      name: `stale-head-${head}`,
      shapes: IN_PARTS,
      faults: () => [{ at: 'destination', match: { operation: 'HeadObject' }, action: { kind: 'stale-head', head } }],
      once: VERIFIED,
      always: unverified('ERR_DESTINATION_CHANGED', 'source'),
    }),
  ),
  ...(['missing', 'earlier'] as const).map(
    (head): Row => ({
      // rule 7: where a write ended without a reply a HEAD after the last reply is obligatory
      name: `stale-head-${head}-after-lost-reply`,
      shapes: ['small', 'medium'],
      faults: () => [
        { at: 'destination', match: { operation: 'PutObject', times: 1 }, action: { kind: 'lost-reply' } },
        { at: 'destination', match: { operation: 'HeadObject' }, action: { kind: 'stale-head', head } },
      ],
      once: VERIFIED,
      always: unverified('ERR_DESTINATION_CHANGED', 'source'),
    }),
  ),
]

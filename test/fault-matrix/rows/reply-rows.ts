import type { MatrixAction, Row } from '../cell.ts'
import { either, failed, VERIFIED } from '../expectations.ts'

const on = (operation: 'CreateMultipartUpload' | 'CompleteMultipartUpload', action: MatrixAction): Row['faults'] => {
  return () => [{ at: 'destination', match: { operation }, action }]
}

const MADE = 'the upload is made; its reply is all that is harmed'

/** The bodies of replies to writes: a PUT and a part have none. */
export const REPLY_ROWS: readonly Row[] = [
  ...(['truncate', 'reset', 'stall'] as const).map(
    (kind): Row => ({
      name: `complete-reply-${kind === 'truncate' ? 'cut' : kind}`,
      shapes: ['multipart', 'streamed-parts'],
      faults: on('CompleteMultipartUpload', { kind, leg: 'response', at: 60 }),
      once: VERIFIED,
      // 5.6: gone from ListParts, found by HEAD
      always: VERIFIED,
    }),
  ),
  ...[20, 120, 200, 280].map(
    (at): Row => ({
      name: `complete-reply-flip-at-${at}`,
      shapes: ['multipart', 'parts'],
      faults: on('CompleteMultipartUpload', { kind: 'flip', leg: 'response', at }),
      once: VERIFIED,
      always: VERIFIED,
    }),
  ),
  ...(['truncate', 'reset', 'stall'] as const).map(
    (kind): Row => ({
      name: `create-reply-${kind === 'truncate' ? 'cut' : kind}`,
      shapes: ['multipart', 'parts'],
      setting: { mayLeaveUploads: true },
      faults: on('CreateMultipartUpload', { kind, leg: 'response', at: 60 }),
      once: VERIFIED,
      always: either(MADE, failed('ERR_TRANSFER'), failed('ERR_TIMEOUT')),
    }),
  ),
]

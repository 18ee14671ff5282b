import type { Row } from '../cell.ts'
import { OPEN, VERIFIED_BY_READS } from '../expectations.ts'
import { overTls } from '../secure-matrix.ts'
import { SHAPE_NAMES } from '../shapes.ts'

/** A source that offers nothing comparable: reads that agree stand in, and reads that are harmed alike cannot be told from right ones. */
export const OPEN_ROWS: readonly Row[] = [
  {
    name: 'opaque-source-read-flip',
    shapes: SHAPE_NAMES.filter((name) => name !== 'streamed'),
    setting: { opaqueSource: true },
    // what TLS vouches for is read once, by the reply that came first
    faults: ({ offset, readsFrom }) => [
      { at: 'source', match: { operation: 'GetObject' }, onceNth: overTls ? 1 : readsFrom, action: { kind: 'flip', leg: 'response', at: offset } },
    ],
    // over TLS the harm is done at its end, by the proxy or the server itself, and TLS stands in for a second read
    once: overTls ? OPEN : VERIFIED_BY_READS,
    always: OPEN,
  },
]

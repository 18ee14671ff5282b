import type { ConnectionFault, Row, Side } from '../cell.ts'
import { failed, VERIFIED } from '../expectations.ts'
import { overTls } from '../secure-matrix.ts'
import type { ShapeName } from '../shapes.ts'

const SINGLE = ['small', 'medium'] as const
const SHAPES: readonly ShapeName[] = ['small', 'medium', 'multipart']

const on = (at: Side, connection: number, rule: ConnectionFault['rule']): Row['faults'] => {
  return () => [{ at, connection, rule }]
}

/** Offsets are of the connection's stream, headers and all: these fall into the body. */
const IN_SMALL = 9_000

const ROWS: readonly Row[] = [
  { name: 'tcp-source-corrupt', shapes: SHAPES, faults: on('source', 1, { down: { corruptAt: IN_SMALL } }), once: VERIFIED },
  { name: 'tcp-source-end', shapes: SHAPES, faults: on('source', 1, { down: { endAt: IN_SMALL } }), once: VERIFIED, always: failed('ERR_TRANSFER') },
  { name: 'tcp-source-reset', shapes: SHAPES, faults: on('source', 1, { down: { resetAt: IN_SMALL } }), once: VERIFIED, always: failed('ERR_TRANSFER') },
  { name: 'tcp-source-stall', shapes: SHAPES, faults: on('source', 1, { down: { stallAt: IN_SMALL } }), once: VERIFIED, always: failed('ERR_TIMEOUT') },
  { name: 'tcp-source-refuse', shapes: SHAPES, faults: on('source', 1, { refuse: true }), once: VERIFIED, always: failed('ERR_TRANSFER') },
  {
    name: 'tcp-destination-corrupt',
    shapes: SHAPES,
    faults: ({ writes }) => [{ at: 'destination', connection: writes === 'PutObject' ? 1 : 2, rule: { up: { corruptAt: IN_SMALL } } }],
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
  {
    name: 'tcp-destination-end',
    shapes: SHAPES,
    faults: ({ writes }) => [{ at: 'destination', connection: writes === 'PutObject' ? 1 : 2, rule: { up: { endAt: IN_SMALL } } }],
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
  {
    name: 'tcp-destination-reset',
    shapes: SHAPES,
    faults: ({ writes }) => [{ at: 'destination', connection: writes === 'PutObject' ? 1 : 2, rule: { up: { resetAt: IN_SMALL } } }],
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
  },
  {
    name: 'tcp-destination-stall',
    shapes: SHAPES,
    faults: ({ writes }) => [{ at: 'destination', connection: writes === 'PutObject' ? 1 : 2, rule: { up: { stallAt: IN_SMALL } } }],
    once: VERIFIED,
    always: failed('ERR_TIMEOUT'),
  },
  {
    // with every reply lost nothing can be learned, the HEAD's included: the written object stays, and is not deleted (5.13: no reply, no delete)
    name: 'tcp-destination-replies-lost',
    shapes: SHAPES,
    setting: { mayLeaveUploads: true },
    faults: on('destination', 1, { down: { resetAt: 0 } }),
    once: VERIFIED,
    always: failed('ERR_TRANSFER'),
    // over TLS the first reply is that of the handshake, and nothing is written
    except: overTls ? [] : [{ shapes: SINGLE, always: failed('ERR_TRANSFER', 'source') }],
  },
  { name: 'tcp-destination-refuse', shapes: SHAPES, faults: on('destination', 1, { refuse: true }), once: VERIFIED, always: failed('ERR_TRANSFER') },
]

/** Faults below HTTP, through the TCP proxy, on real RGW. Each request has a connection of its own. */
export const CONNECTION_ROWS: readonly Row[] = ROWS.map((row): Row => ({ ...row, grounds: ['rgw'] }))

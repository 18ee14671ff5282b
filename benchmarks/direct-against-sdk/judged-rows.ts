import type { Cost } from '../harness/alternate.ts'

export interface MeasuredRow {
  readonly sizeBytes: number
  readonly node: string
  readonly liveObjects: number
  readonly atOnce: number
  /** by transport */
  readonly costs: Readonly<Record<string, Cost>>
}

const MOST_OF_SDK_BY_SIZE: Readonly<Record<number, number>> = { 1000: 0.2, 100000: 0.5 }
/** with live objects in the heap, against an empty one */
const MOST_OF_EMPTY_HEAP = 1.5

/** The figures that something is wanted of, for a table: what, Node, figure, wanted, met. Pure. */
export function judgedRows(rows: readonly MeasuredRow[]): (string | number)[][] {
  return rows.flatMap((row) => [...againstSdk(row), ...againstEmptyHeap(row, rows), ...throughput(row)])
}

function againstSdk({ sizeBytes, node, liveObjects, atOnce, costs }: MeasuredRow): (string | number)[][] {
  const most = MOST_OF_SDK_BY_SIZE[sizeBytes]
  const ratio = (costs['direct']?.cpuMicroseconds ?? Number.NaN) / (costs['sdk']?.cpuMicroseconds ?? Number.NaN)
  if (most === undefined || Number.isNaN(ratio)) return []
  return [
    [
      `CPU, direct / sdk, ${sizeBytes / 1000} KB, ${liveObjects} live objects, ${atOnce} at once${atOnce === 1 ? ' (stricter: a commit each)' : ''}`,
      node,
      ratio.toFixed(2),
      `at most ${most}`,
      met(ratio <= most),
    ],
  ]
}

function againstEmptyHeap({ sizeBytes, node, liveObjects, atOnce, costs }: MeasuredRow, rows: readonly MeasuredRow[]): (string | number)[][] {
  if (sizeBytes !== 100_000 || liveObjects === 0) return []
  const empty = rows.find((row) => row.sizeBytes === sizeBytes && row.node === node && row.atOnce === atOnce && row.liveObjects === 0)
  const ratio = (costs['direct']?.cpuMicroseconds ?? Number.NaN) / (empty?.costs['direct']?.cpuMicroseconds ?? Number.NaN)
  if (Number.isNaN(ratio)) return []
  return [
    [
      `CPU, direct, 100 KB, ${liveObjects} live objects / none, ${atOnce} at once`,
      node,
      ratio.toFixed(2),
      `at most ${MOST_OF_EMPTY_HEAP}`,
      met(ratio <= MOST_OF_EMPTY_HEAP),
    ],
  ]
}

function throughput({ sizeBytes, node, liveObjects, costs }: MeasuredRow): (string | number)[][] {
  if (sizeBytes < 1024 ** 3) return []
  const ratio = (costs['sdk']?.wallMicroseconds ?? Number.NaN) / (costs['direct']?.wallMicroseconds ?? Number.NaN)
  return Number.isNaN(ratio) ? [] : [[`throughput, direct / sdk, 1 GiB, ${liveObjects} live objects`, node, ratio.toFixed(2), 'at least 1', met(ratio >= 1)]]
}

function met(holds: boolean): string {
  return holds ? 'yes' : 'no'
}

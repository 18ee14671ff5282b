import type { S3Client } from '@aws-sdk/client-s3'
import type { FaultRule } from '@sealift/testing'
import type { Cell, Side } from '../fault-matrix/cell.ts'
import { faultRules, type StageHands } from '../fault-matrix/fault-rules.ts'
import { EARLIER } from '../fault-matrix/object-bytes.ts'
import { put, removeKey } from '../fault-matrix/plain-requests.ts'
import type { Stage, StageEnd } from '../fault-matrix/stage.ts'
import type { EvidenceCell } from './evidence-cell.ts'
import type { MatrixStore } from './matrix-store.ts'

/** Requests of a copy, as the proxies before the stores saw them, by operation. */
export interface RequestsSeen {
  readonly source: Readonly<Record<string, number>>
  readonly destination: Readonly<Record<string, number>>
}

const NO_HANDS: StageHands = {
  async changeSource() {},
  async writeAsSomebodyElse() {},
  earlierHead: null,
}

/**
 * Two stores for one cell, a fault proxy before each. Another object lies at the destination.
 * @param seen - told the requests of the copy, before the judge looks
 */
export async function evidenceStage(
  { cell, kind, destination: { destination: target } }: EvidenceCell,
  source: MatrixStore,
  destination: MatrixStore,
  seen: (requests: RequestsSeen) => void,
): Promise<Stage> {
  const object = await source.object(kind)
  await put(destination.plain, destination.bucket, cell.id, EARLIER)
  const ends = { source: await proxied(cell, 'source', source), destination: await proxied(cell, 'destination', destination) }
  const end = (store: MatrixStore, client: S3Client, key: string): StageEnd => ({
    bucket: store.bucket,
    key,
    profile: store.profile,
    client,
    plain: store.plain,
  })
  const to = end(destination, ends.destination.client, cell.id)
  return {
    source: end(source, ends.source.client, kind),
    destination: kind === 'sse-kms' && target.kms !== null ? { ...to, sse: { kind: 'sse-kms' } } : to,
    sourceStates: async () => [object],
    fired: () => cell.row.faults(cell.shape).map((_, at) => ends.source.fired(at) + ends.destination.fired(at)),
    async lift() {
      seen({ source: ends.source.counts(), destination: ends.destination.counts() })
    },
    async close() {
      ends.source.close()
      ends.destination.close()
      await removeKey(destination.plain, destination.bucket, cell.id, false)
    },
  }
}

interface ProxiedEnd {
  readonly client: S3Client
  readonly fired: (fault: number) => number
  readonly counts: () => Record<string, number>
  readonly close: () => void
}

async function proxied(cell: Cell, side: Side, store: MatrixStore): Promise<ProxiedEnd> {
  const rules = faultRules(cell, side, NO_HANDS).map(({ fault, rule }) => ({ fault, rule: harmsAtRest(rule) ? rotting(rule, store) : rule }))
  const door = await store.doors.take()
  const { proxy, client } = door
  proxy.setFaults(rules.map(({ rule }) => rule))
  const before = proxy.requests.length
  return {
    client,
    fired: (fault) => proxy.firedFaults.filter(({ rule }) => rules.some((item) => item.fault === fault && item.rule === rule)).length,
    counts() {
      const counts: Record<string, number> = {}
      for (const { operation } of proxy.requests.slice(before)) counts[operation] = (counts[operation] ?? 0) + 1
      return counts
    },
    close() {
      proxy.setFaults([])
      store.doors.give(door)
    },
  }
}

function harmsAtRest({ action }: FaultRule): boolean {
  return action.kind === 'flip' && action.leg === 'rest'
}

/** Once the server has the object, and before its reply goes out, a stored bit flips. */
function rotting({ match, action }: FaultRule, store: MatrixStore): FaultRule {
  const offset = action.kind === 'flip' ? action.at : 0
  return {
    match,
    action: {
      kind: 'hook',
      when: 'before-reply',
      run({ key, status }) {
        if (key !== null && status === 200) store.rot(key, offset)
      },
    },
  }
}

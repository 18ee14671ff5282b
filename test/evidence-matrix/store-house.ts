import { type RealServerName, realServer } from '../servers/real-servers.ts'
import type { AddedStore } from './added-store.ts'
import { type MatrixStore, openKitStore, openRealStore } from './matrix-store.ts'
import type { StoreHouse } from './run-evidence.ts'
import type { StoreFacts } from './store-facts.ts'

const SERVERS: Readonly<Record<string, 'rgw' | 'swift' | 'moto'>> = { rgw: 'rgw', 'swift-s3api': 'swift', moto: 'moto' }

/** The real servers of the matrix that do not run, by their ids. */
export function absentServers(stores: readonly StoreFacts[]): string[] {
  return stores.filter((facts) => facts.scale === 'real' && (serverOf(facts, 'source') === null || serverOf(facts, 'destination') === null)).map(({ id }) => id)
}

/**
 * Opens stores when they are first asked for, source and destination apart.
 * @param run - makes the buckets' names this run's own
 * @param added - a store that is in no table
 */
export function openStoreHouse(stores: readonly StoreFacts[], run: string, added?: AddedStore): StoreHouse {
  const open = new Map<string, Promise<MatrixStore>>()
  const store = (id: string, side: 'source' | 'destination'): Promise<MatrixStore> => {
    const place = `${side}/${id}`
    const known = open.get(place) ?? openOne(id, side)
    open.set(place, known)
    return known
  }
  const openOne = async (id: string, side: 'source' | 'destination'): Promise<MatrixStore> => {
    if (added !== undefined && id === added.facts.id) return openKitStore(added.facts, added)
    const facts = stores.find((item) => item.id === id)
    if (facts === undefined) throw new Error(`no store ${id}`)
    if (facts.scale === 'tiny') return openKitStore(facts)
    const server = serverOf(facts, side)
    if (server === null) throw new Error(`${facts.name} does not run`)
    return openRealStore(facts, server, `evidence-${side === 'source' ? 'src' : 'dst'}-${run}`)
  }
  return {
    source: (id) => store(id, 'source'),
    destination: (id) => store(id, 'destination'),
    async close() {
      for (const opened of open.values()) await (await opened).close()
      open.clear()
    },
  }
}

function serverOf({ id }: StoreFacts, side: 'source' | 'destination'): ReturnType<typeof realServer> {
  const software = SERVERS[id]
  if (software === undefined) throw new Error(`test/evidence-matrix/store-house.ts does not know the real server ${id}`)
  return realServer(`${software}-${side}` satisfies RealServerName)
}

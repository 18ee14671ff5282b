import { coveringArray } from './covering-array.ts'
import { type EvidenceCell, evidenceCell } from './evidence-cell.ts'
import { FAULT_NAMES, type FaultName, isAlways, isDestinationFault, isSourceFault } from './matrix-faults.ts'
import { OBJECT_KINDS, type ObjectKind } from './object-kinds.ts'
import { type CellQuestion, isCostly, notApplicable } from './oracle.ts'
import type { StoreFacts } from './store-facts.ts'

/** The other end of a leg: it tells every part size and takes every layout, so that nothing but the leg decides. */
export const REFERENCE = 'aws'

/** What differs in how a destination is written: one PUT of no bytes, one PUT, equal parts, unequal parts (as the reference tells them), SSE-KMS. */
export const DESTINATION_KINDS: readonly ObjectKind[] = ['empty', 'small', 'multipart-derivable', 'multipart-underivable', 'sse-kms']

/** Every store as a source, with every kind of object and every fault on the way in; the destination is the reference. */
export function sourceLegCells(stores: readonly StoreFacts[]): EvidenceCell[] {
  const destination = referenceOf(stores)
  return stores.flatMap((source) => cellsOf({ source, destination }, OBJECT_KINDS, (fault) => !isDestinationFault(fault) && isTried(source, fault)))
}

/** Every store as a destination, with every way to write and every fault on the way out and at rest; the source is the reference. */
export function destinationLegCells(stores: readonly StoreFacts[]): EvidenceCell[] {
  const source = referenceOf(stores)
  // the reference with itself and no fault is among the source legs
  return stores.flatMap((destination) =>
    cellsOf(
      { source, destination },
      DESTINATION_KINDS,
      (fault) => !isSourceFault(fault) && isTried(destination, fault) && (destination !== source || fault !== 'none'),
    ),
  )
}

/** One store as a source and as a destination, with every kind and every fault; the other end is the reference. It need not be among `stores`. */
export function legsOf(store: StoreFacts, stores: readonly StoreFacts[]): EvidenceCell[] {
  const cells = [...stores.filter(({ id }) => id === REFERENCE), store]
  return [...sourceLegCells(cells), ...destinationLegCells(cells)].filter(({ source, destination }) => source === store || destination === store)
}

/** Of a fault in every body the legs know all that there is: the pairs do without. */
const PAIR_FAULTS: readonly FaultName[] = FAULT_NAMES.filter((fault) => fault === 'rest-flip-always' || !isAlways(fault))

/** Pairs: any two of source, destination, kind and fault come together in a cell, without the cells of the legs. */
export function pairCells(all: readonly StoreFacts[]): EvidenceCell[] {
  const stores = pairedStores(all)
  const legs = new Set([...sourceLegCells(stores), ...destinationLegCells(stores)].map(({ cell }) => cell.id))
  const question = ([s = 0, d = 0, k = 0, f = 0]: readonly number[]): CellQuestion => ({
    source: stores[s] as StoreFacts,
    destination: stores[d] as StoreFacts,
    kind: OBJECT_KINDS[k] as ObjectKind,
    fault: PAIR_FAULTS[f] as FaultName,
  })
  return coveringArray([stores.length, stores.length, OBJECT_KINDS.length, PAIR_FAULTS.length], (row) => isAffordable(question(row))).flatMap((row) => {
    const cell = evidenceCell(question(row))
    return cell === null || legs.has(cell.cell.id) ? [] : [cell]
  })
}

/** A cut body is no different for a store's odd habit, and waits for seconds. */
function isTried({ legsOnly }: StoreFacts, fault: FaultName): boolean {
  return legsOnly !== true || !fault.includes('cut')
}

/** Those that meet every other one. */
export function pairedStores(stores: readonly StoreFacts[]): readonly StoreFacts[] {
  return stores.filter(({ legsOnly }) => legsOnly !== true)
}

/** The faults of the full product: one of each kind; what else they do is the legs' and the pairs' matter. */
export const PRODUCT_FAULTS: readonly FaultName[] = ['none', 'read-flip-once', 'read-cut-once', 'write-flip-once', 'rest-flip-always']

/** The full product: every paired store with every other and itself, every kind, the {@link PRODUCT_FAULTS}. */
export function productCells(all: readonly StoreFacts[]): EvidenceCell[] {
  const stores = pairedStores(all)
  return stores
    .flatMap((source) => stores.flatMap((destination) => cellsOf({ source, destination }, OBJECT_KINDS, (fault) => PRODUCT_FAULTS.includes(fault))))
    .filter((cell) => !isCostly(cell))
}

function cellsOf(ends: Pick<CellQuestion, 'source' | 'destination'>, kinds: readonly ObjectKind[], isWanted: (fault: FaultName) => boolean): EvidenceCell[] {
  return kinds.flatMap((kind) => FAULT_NAMES.filter(isWanted).flatMap((fault) => evidenceCell({ ...ends, kind, fault }) ?? []))
}

/** The costly ones are tried once each, in the legs. */
function isAffordable(question: CellQuestion): boolean {
  return notApplicable(question) === null && !isCostly(question)
}

function referenceOf(stores: readonly StoreFacts[]): StoreFacts {
  const found = stores.find(({ id }) => id === REFERENCE)
  if (found === undefined) throw new Error(`the matrix needs ${REFERENCE} as the other end of every leg`)
  return found
}

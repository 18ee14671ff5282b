import { evidenceCell } from './evidence-cell.ts'
import type { FullRun } from './full-run.ts'
import { ATTEMPTS, FAULT_NAMES, FAULT_TEXT, type FaultName, isDestinationFault, isSourceFault } from './matrix-faults.ts'
import { DESTINATION_KINDS, destinationLegCells, PRODUCT_FAULTS, pairCells, pairedStores, REFERENCE, sourceLegCells } from './matrix-plan.ts'
import { KIND_TEXT, OBJECT_KINDS, type ObjectKind } from './object-kinds.ts'
import { notApplicable, type Prediction, predict, predictionWord } from './oracle.ts'
import { isHeld, type StoreFacts } from './store-facts.ts'

/** What was not as expected, by the id of the cell; empty where all is well. */
export type Deviations = ReadonlyMap<string, readonly string[]>

/** `docs/evidence-matrix.md`. Pure: what is expected, what was found to differ from it, and the totals of the last full run. */
export function evidenceDocument(stores: readonly StoreFacts[], deviations: Deviations, full: FullRun): string {
  const legs = sourceLegCells(stores).length + destinationLegCells(stores).length
  return `${[
    '# Evidence matrix',
    '<!-- Written by `npm run evidence-matrix`; do not edit. -->',
    `What a copy comes to between the personalities of the testing kit and the real servers of \`test/servers\`, for every kind of object, with and without faults.
Every cell was run: the expected side comes from an oracle (\`test/evidence-matrix/oracle.ts\`) that knows only what is written down of each store, imports
nothing of the library, and has the bytes at rest read back by a plain S3 client. A cell holds what was expected **and** obtained; where the two differ, it says both.`,
    '## How to read it',
    table(
      ['word', 'what it says'],
      [
        ['`end-to-end 2`', '`verified`, assurance `end-to-end`, two requests'],
        ['`destination-only 3`', '`verified`, assurance `destination-only`: nothing at the source could be compared, two reads of it agreed'],
        ['`failed ≤ 12`', 'an error said so, nothing new is at the destination; tries that failed are bounded, not counted'],
        [
          '`mismatch`',
          'on a source: two equal reads differ from a digest that the store is trusted for. At rest: the wrong bytes were read back twice, and deleted',
        ],
        [
          '`open`',
          '`verified`, `destination-only`, of bytes that were harmed alike in every reply of the source, where no digest of the source binds: no reader could tell. Counted apart',
        ],
        ['–', 'no such cell; the reason is below the table'],
      ],
    ),
    `Everything goes over plain HTTP, so that nothing is proved by TLS. A fault that hits once is recovered from within ${ATTEMPTS.once} attempts; one that hits
always is met with ${ATTEMPTS.always}. The profiles are passed by name. Faults at rest come behind the server's own checks, and the digests that it keeps stay those of the
right bytes: what its replies say is then true of what was sent, not of what is stored. Only reading back can see that, so those columns run with \`verify: { readBack: 'always' }\`;
with the default, \`when-needed\`, such an object is \`verified\` by digests that the store computed before the bytes rotted.

The kit's personalities and their profiles take parts from 64 KiB on here instead of 5 MiB, so that thousands of cells fit a minute; nothing else of them is changed. The real
servers are as they are.`,
    '## Totals',
    ...fullRunText(full),
    `CI runs both legs exhaustively (${legs} cells; the other end of a leg is always the personality \`${REFERENCE}\`) and the pairs by a covering array (${pairCells(stores).length} more
cells): any two of source, destination, kind of object and fault meet in at least one cell.`,
    '## Objects and faults',
    table(
      ['kind', 'object'],
      OBJECT_KINDS.map((kind) => [`\`${kind}\``, KIND_TEXT[kind]]),
    ),
    table(
      ['fault', 'what happens'],
      FAULT_NAMES.map((fault) => [`\`${fault}\``, FAULT_TEXT[fault]]),
    ),
    '## Each store as a source',
    legTable(
      stores,
      OBJECT_KINDS,
      FAULT_NAMES.filter((fault) => !isDestinationFault(fault)),
      (store) => ({ source: store, destination: referenceOf(stores) }),
      deviations,
    ),
    notes(stores),
    '## Each store as a destination',
    legTable(
      stores,
      DESTINATION_KINDS,
      FAULT_NAMES.filter((fault) => !isSourceFault(fault)),
      (store) => ({ source: referenceOf(stores), destination: store }),
      deviations,
    ),
    '## Pairs without a fault',
    'Rows are sources, columns destinations; every cell is part of the full product.',
    '### A small object: requests',
    pairTable(pairedStores(stores), 'small'),
    '### A multipart object with usual part sizes: requests',
    pairTable(pairedStores(stores), 'multipart-derivable'),
  ].join('\n\n')}\n`
}

/** The totals of the last full run, or that there is none. */
function fullRunText(full: FullRun): readonly string[] {
  if (full.totals.cells === 0) return ['The full product has not been run over these stores yet: `npm run evidence-matrix -- --full`.']
  return [
    `The full product, run once by \`npm run evidence-matrix -- --full\` (${full.date}, ${full.stores.length} stores, ${full.wallSeconds} s): **${full.totals.cells} cells**,
every store with every other and itself, every kind of object, and the faults ${PRODUCT_FAULTS.map((fault) => `\`${fault}\``).join(', ')}.`,
    table(
      ['what', 'cells'],
      [
        ['as expected', full.totals.asExpected],
        ...Object.entries(full.verdicts).map(([word, count]) => [`expected \`${word}\``, count] as const),
        ['**false `verified`**', full.totals.falseVerified],
        ['**false `mismatch`**', full.totals.falseMismatch],
        ['no end (hang)', full.totals.hangs],
        ['uploads left', full.totals.orphans],
      ],
    ),
  ]
}

type Ends = { readonly source: StoreFacts; readonly destination: StoreFacts }

function legTable(
  stores: readonly StoreFacts[],
  kinds: readonly ObjectKind[],
  faults: readonly FaultName[],
  endsOf: (store: StoreFacts) => Ends,
  deviations: Deviations,
): string {
  return table(
    ['store', 'kind', ...faults.map((fault) => `\`${fault}\``)],
    stores.flatMap((store) =>
      kinds
        .filter((kind) => isHeld(endsOf(store).source.source[kind]))
        .map((kind) => [store.id, kind, ...faults.map((fault) => cellText({ ...endsOf(store), kind, fault }, deviations))]),
    ),
  )
}

function cellText(question: Ends & { readonly kind: ObjectKind; readonly fault: FaultName }, deviations: Deviations): string {
  const item = evidenceCell(question)
  if (item === null) return '–'
  const text = `${predictionWord(item.prediction)} ${requestsText(item.prediction)}`
  const found = deviations.get(item.cell.id)
  return found === undefined ? text : `✗ expected ${text}; ${found.join('; ').replaceAll('|', '/').replaceAll('\n', ' ')}`
}

function requestsText({ requests }: Prediction): string {
  return 'exactly' in requests ? String(requests.exactly) : `≤ ${requests.atMost}`
}

/** Why a store has no row for a kind, and why cells are empty. */
function notes(stores: readonly StoreFacts[]): string {
  const reasons = new Map<string, string[]>()
  for (const { id, source } of stores) {
    for (const kind of OBJECT_KINDS) {
      const offer = source[kind]
      if (!isHeld(offer)) reasons.set(`${kind}: ${offer.notHeld}`, [...(reasons.get(`${kind}: ${offer.notHeld}`) ?? []), id])
    }
  }
  const costly = stores.flatMap(
    (source) => notApplicable({ source, destination: referenceOf(stores), kind: 'multipart-underivable', fault: 'read-cut-once' }) ?? [],
  )
  return [
    'No row, or no cell:',
    '',
    ...[...reasons].map(([reason, ids]) => `- ${reason} (${ids.join(', ')})`),
    '- the faults of bytes have none to harm in an empty object',
    ...[...new Set(costly)].map((reason) => `- ${reason}`),
    '- a real server cannot be harmed at rest from outside',
  ].join('\n')
}

function pairTable(stores: readonly StoreFacts[], kind: ObjectKind): string {
  return table(
    ['from \\ to', ...stores.map(({ id }) => id)],
    stores.map((source) => [
      source.id,
      ...stores.map((destination) => {
        const question = { source, destination, kind, fault: 'none' } as const
        if (notApplicable(question) !== null) return '–'
        const prediction = predict(question)
        return `${prediction.assurance === 'end-to-end' ? '' : `${prediction.assurance} `}${requestsText(prediction)}`
      }),
    ]),
  )
}

function referenceOf(stores: readonly StoreFacts[]): StoreFacts {
  return stores.find(({ id }) => id === REFERENCE) as StoreFacts
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

import { readFile } from 'node:fs/promises'
import { PERSONALITIES } from '@sealift/testing'
import { describe, expect, it } from 'vitest'
import { evidenceDocument } from './evidence-document.ts'
import { matrixStores } from './evidence-table.ts'
import { readFullRun } from './full-run.ts'
import { pairedStores, productCells } from './matrix-plan.ts'

const WRITE_ANEW = 'run `npm run evidence-matrix` and commit what it writes'
const RUN_ANEW = 'run `npm run evidence-matrix -- --full` and commit what it writes'

describe('docs/evidence-matrix.md', () => {
  const stores = matrixStores(PERSONALITIES)

  it('is what the tables give', async () => {
    const written = await readFile(new URL('../../docs/evidence-matrix.md', import.meta.url), 'utf8')
    expect(written === evidenceDocument(stores, new Map(), await readFullRun()), WRITE_ANEW).toBe(true)
  })

  it('states the totals of a full run over these very stores, in which every cell was as expected, or that there was none', async () => {
    const { stores: ran, totals } = await readFullRun()
    // a table that changed since has no full run: the document says so, instead of the totals of other stores
    if (totals.cells === 0) return expect(evidenceDocument(stores, new Map(), await readFullRun())).toContain('has not been run over these stores yet')
    expect(ran, RUN_ANEW).toEqual(pairedStores(stores).map(({ id }) => id))
    expect(totals.cells, RUN_ANEW).toBe(productCells(stores).length)
    expect(totals).toMatchObject({ asExpected: totals.cells, falseVerified: 0, falseMismatch: 0, hangs: 0, orphans: 0 })
  })

  it('says both sides where a cell is not as expected', async () => {
    const text = evidenceDocument(stores, new Map([['aws/aws/small/none', ['verdict unverified, expected verified']]]), await readFullRun())
    expect(text).toContain('| aws | small | ✗ expected end-to-end 2; verdict unverified, expected verified |')
  })
})

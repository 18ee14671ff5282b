import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readReport, testTotals } from './test-totals.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const FILES = {
  fine: `import { expect, it } from 'vitest'
    it('passes', () => expect(1).toBe(1))
    it('is not run here', (context) => context.skip())`,
  'one-fails': `import { expect, it } from 'vitest'
    it('passes', () => expect(1).toBe(1))
    it('fails', () => expect(1).toBe(2))`,
  'cannot-be-imported': `import './not-there.mjs'
    import { it } from 'vitest'
    it('never runs', () => {})`,
  'before-all-throws': `import { beforeAll, describe, it } from 'vitest'
    describe('a suite', () => {
      beforeAll(() => { throw new Error('no server') })
      it('never runs', () => {})
    })`,
  'late-error': `import { expect, it } from 'vitest'
    it('passes and throws afterwards', () => { setTimeout(() => { throw new Error('late') }, 20); expect(1).toBe(1) })
    it('waits', () => new Promise((done) => setTimeout(done, 100)))`,
}

describe('testTotals on reports that vitest wrote', () => {
  let folder = ''
  beforeAll(() => {
    mkdirSync(join(root, '.tmp'), { recursive: true })
    // inside the repository, so that these files find vitest
    folder = mkdtempSync(join(root, '.tmp', 'test-totals-'))
    writeFileSync(join(folder, 'vitest.config.mjs'), `export default { test: { include: ['*.case.mjs'] } }`)
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, `${name}.case.mjs`), text)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each([
    { name: 'fine', passed: 1, failed: 0, skipped: ['is not run here'] },
    { name: 'one-fails', passed: 1, failed: 1, skipped: [] },
    { name: 'cannot-be-imported', passed: 0, failed: 1, skipped: [] },
    { name: 'before-all-throws', passed: 0, failed: 1, skipped: ['a suite never runs'] },
    { name: 'late-error', passed: 2, failed: 1, skipped: [] },
  ])(
    '$name: $passed passed, $failed failed',
    ({ name, passed, failed, skipped }) => {
      const report = join(folder, `${name}.json`)
      const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
      const run = spawnSync(process.execPath, [vitest, 'run', '--root', folder, '--reporter=json', `--outputFile.json=${report}`, name], {
        timeout: 60_000,
        env: Object.fromEntries(Object.entries(process.env).filter(([variable]) => !variable.startsWith('VITEST'))),
      })
      expect(testTotals(readReport(report), run.status ?? 1)).toMatchObject({ passed, failed, skipped })
    },
    60_000,
  )
})

describe('testTotals', () => {
  it('counts a missing report as a failure', () => {
    expect(testTotals(readReport(join(root, 'not-there.json')), 0)).toMatchObject({ passed: 0, failed: 1 })
  })
  it('counts a run without tests as a failure', () => {
    expect(testTotals({ testResults: [], success: true }, 0)).toMatchObject({ passed: 0, failed: 1 })
  })
})

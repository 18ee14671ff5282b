// How many tests passed and failed, from vitest's JSON report *and* its exit code. The report alone is not enough: a file
// that cannot be imported or a beforeAll that throws has no failed test in it, and an error that is thrown after the last
// test leaves `success: true`.
//   node scripts/test-totals.mjs <report.json> <exit code>      prints `N passed, N failed`; exits 1 if anything failed
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * @param {{ testResults: { name: string, status: string, message?: string, assertionResults: { status: string, fullName: string }[] }[], success: boolean } | null} report
 *   vitest's JSON report; null where vitest wrote none
 * @param {number} exitCode - vitest's own
 * @returns {{ passed: number, failed: number, skipped: string[], failures: string[] }} `failures` and `skipped` by name
 */
export function testTotals(report, exitCode) {
  const failures = []
  const skipped = []
  let passed = 0
  for (const file of report?.testResults ?? []) {
    const failedBefore = failures.length
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed += 1
      else if (test.status === 'failed') failures.push(test.fullName)
      else skipped.push(test.fullName)
    }
    if (file.status !== 'passed' && failures.length === failedBefore) failures.push(`${file.name}: ${file.message || 'a hook failed'}`)
  }
  if (report === null) failures.push('vitest wrote no report')
  else if (passed + failures.length === 0) failures.push('vitest ran no test')
  if (failures.length === 0 && (exitCode !== 0 || report?.success !== true)) {
    failures.push(`vitest ended with exit code ${exitCode} though no test failed: an error outside the tests`)
  }
  return { passed, failed: failures.length, skipped, failures }
}

/** @param {string} file */
export function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file = '', code = ''] = process.argv.slice(2)
  const totals = testTotals(readReport(file), /^\d+$/.test(code) ? Number(code) : 1)
  for (const failure of totals.failures) console.log(`failed: ${failure}`)
  console.log(`${totals.passed} passed, ${totals.failed} failed`)
  process.exitCode = totals.failed === 0 ? 0 : 1
}

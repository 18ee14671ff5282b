// The fault matrix, with every shape, and the real-client matrix over both transports, each on plain HTTP and over TLS: the long form of what the tests run
// in part.
//   npm run matrices [-- <transport>-<scheme> …]      all four, or e.g. `npm run matrices -- direct-https`
// Needs Ceph and Swift up, Ceph with TLS (CONTRIBUTING.md). Prints the totals of each run; exits 1 if one failed.
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readReport, testTotals } from './test-totals.mjs'

const RUN_WITHIN_MS = 30 * 60_000
const FILES = ['fault-matrix.integration', 'fault-matrix-rgw.integration', 'real-clients.integration']

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const runs = ['sdk', 'direct'].flatMap((transport) => ['http', 'https'].map((scheme) => ({ name: `${transport}-${scheme}`, transport, scheme })))
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !runs.some((run) => run.name === name))
if (unknown.length > 0) {
  console.log(`no run is called ${unknown.join(', ')}; there are: ${runs.map(({ name }) => name).join(', ')}`)
  process.exit(1)
}

let failed = 0
for (const run of runs.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const totals = await runOnce(run)
  for (const failure of totals.failures) console.log(`failed: ${run.name}: ${failure}`)
  console.log(`${run.name}: ${totals.passed} passed, ${totals.failures.length} failed`)
  failed += totals.failures.length
}
process.exitCode = failed === 0 ? 0 : 1

async function runOnce({ name, transport, scheme }) {
  const report = join(root, '.tmp', `matrix-${name}.json`)
  mkdirSync(dirname(report), { recursive: true })
  rmSync(report, { force: true })
  const code = await new Promise((resolve) => {
    // the cells of one file keep both processors of a small machine busy: beside another file their deadlines pass for want of time
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const child = spawn('vitest', ['run', '--project', 'integration', '--no-file-parallelism', ...FILES, ...reporters], {
      cwd: root,
      env: {
        ...process.env,
        PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`,
        REQUIRE_REAL_SERVERS: '1',
        SEALIFT_MATRIX: 'whole',
        SEALIFT_TRANSPORT: transport,
        SEALIFT_TLS: scheme === 'https' ? '1' : '0',
      },
      stdio: 'inherit',
      timeout: RUN_WITHIN_MS,
    })
    child.on('error', () => resolve(127))
    child.on('close', (exitCode) => resolve(exitCode ?? 1))
  })
  return testTotals(readReport(report), code)
}

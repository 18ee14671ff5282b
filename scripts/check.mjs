// What CI runs. Every step runs, whatever failed before it; the tests count one by one, each other step as one.
//   npm run check [-- <step> …]      all steps, or those whose name begins so (`npm run check -- lint types`)
// The last line is `N passed, N failed`; exits 1 if anything failed.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readReport, testTotals } from './test-totals.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const MINUTE_MS = 60_000
const environment = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}` }
const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const packages = workspaces.filter((folder) => folder.startsWith('packages/'))
const examples = readdirSync(join(root, 'examples')).filter((name) => existsSync(join(root, 'examples', name, 'main.ts')))

const steps = [
  { name: 'lint', command: ['biome', 'ci', '.', '--colors=off'] },
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'tests', run: runTests },
  { name: 'build', command: ['npm', 'run', 'build'], timeoutMs: 5 * MINUTE_MS },
  ...packages.flatMap((folder) => [
    { name: `publint ${folder}`, command: ['publint', '--strict'], cwd: join(root, folder) },
    { name: `attw ${folder}`, command: ['attw', '--pack', '.', '--profile', 'esm-only'], cwd: join(root, folder) },
  ]),
  { name: 'packed consumer', command: ['node', 'scripts/packed-consumer.mjs', '--no-build'], timeoutMs: 5 * MINUTE_MS },
  { name: 'knip', command: ['knip', '--no-progress'] },
  ...examples.map((name) => ({ name: `example ${name}`, command: ['node', '--conditions=@sealift/source', `examples/${name}/main.ts`] })),
]

const wanted = process.argv.slice(2)
const selected = wanted.length === 0 ? steps : steps.filter(({ name }) => wanted.some((start) => name.startsWith(start)))
let passed = 0
const failures = []
/** @type {import('node:child_process').ChildProcess | null} the step that runs now */
let running = null
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    endGroup(running)
    process.exit(1)
  })
}

for (const step of selected) {
  const startedAt = performance.now()
  const result = await (step.run ?? runCommand)(step)
  passed += result.passed
  failures.push(...result.failures)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`${result.failures.length === 0 ? 'ok    ' : 'FAILED'} ${step.name} (${seconds} s)`)
}
if (selected.length === 0) failures.push(`no step is called ${wanted.join(', ')}; there are: ${steps.map(({ name }) => name).join(', ')}`)
for (const failure of failures) console.log(`failed: ${failure}`)
console.log(`${passed} passed, ${failures.length} failed`)
process.exitCode = failures.length === 0 ? 0 : 1

/** Quiet when it passes. */
async function runCommand({ name, command, cwd = root, timeoutMs = 2 * MINUTE_MS }) {
  const { code, output } = await execute(command, { cwd, timeoutMs, stdio: 'pipe' })
  if (code === 0) return { passed: 1, failures: [] }
  console.log(output.trimEnd())
  return { passed: 0, failures: [`${name}: exit code ${code}`] }
}

/** The README's test command, with vitest's report beside what it prints. */
async function runTests() {
  const report = join(root, '.tmp', 'test-report.json')
  mkdirSync(dirname(report), { recursive: true })
  rmSync(report, { force: true })
  const command = ['npm', 'test', '--', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { code } = await execute(command, { cwd: root, timeoutMs: 16 * MINUTE_MS, stdio: 'inherit' })
  const totals = testTotals(readReport(report), code)
  for (const name of totals.skipped) console.log(`skipped: ${name}`)
  return totals
}

function execute([program, ...args], { cwd, timeoutMs, stdio }) {
  return new Promise((resolve) => {
    // a group of its own, so that a step that takes too long ends with its children
    const child = spawn(program, args, { cwd, env: environment, stdio: ['ignore', stdio, stdio], detached: true })
    running = child
    let output = ''
    child.stdout?.on('data', (chunk) => (output += chunk))
    child.stderr?.on('data', (chunk) => (output += chunk))
    const timer = setTimeout(() => {
      output += `\nstopped after ${timeoutMs / 1000} s`
      endGroup(child)
    }, timeoutMs)
    child.on('error', (error) => {
      clearTimeout(timer)
      resolve({ code: 127, output: String(error) })
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code: code ?? 1, output })
    })
  })
}

function endGroup(child) {
  if (child?.pid === undefined || child.exitCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // it ended by itself just now
  }
}

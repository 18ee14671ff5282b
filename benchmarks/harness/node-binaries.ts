import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const INSTALL_TIMEOUT_MS = 300_000

export interface NodeBinary {
  readonly version: string
  readonly path: string
}

/**
 * Node of each release line, from npm's `node-<platform>-<arch>` packages in a temporary folder; the running Node where it is of that line.
 * @param majors - `['22', '24']`
 */
export async function withNodes(majors: readonly string[], work: (nodes: readonly NodeBinary[]) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sealift-nodes-'))
  try {
    const nodes: NodeBinary[] = []
    for (const major of majors) nodes.push(await nodeOf(major, folder))
    await work(nodes)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function nodeOf(major: string, folder: string): Promise<NodeBinary> {
  if (process.versions.node.split('.')[0] === major) return { version: process.versions.node, path: process.execPath }
  const name = `node-${process.platform}-${process.arch}`
  const own = join(folder, major)
  const run = promisify(execFile)
  await run('mkdir', ['-p', own])
  await writeFile(join(own, 'package.json'), '{ "private": true }')
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock', `${name}@${major}`], {
    cwd: own,
    timeout: INSTALL_TIMEOUT_MS,
  })
  const path = join(own, 'node_modules', name, 'bin', 'node')
  const { stdout } = await run(path, ['--version'])
  return { version: stdout.trim().slice(1), path }
}

import { createHash } from 'node:crypto'
import { parseArgs } from 'node:util'
// the engine's own hashing of a read: it is no part of the public API, and is what the question is about
import { ReadHasher } from '../../packages/core/src/copy/read-hasher.ts'
import { candidateCount, candidateLayouts, candidatesForRead } from '../../packages/core/src/copy/source-layout.ts'
import { NativeHashEngine } from '../../packages/core/src/hash/native-hash-engine.ts'
import { alternate, type Cost } from '../harness/alternate.ts'
import { withNodes } from '../harness/node-binaries.ts'
import { beginTable, printMachine, sizeName } from '../harness/print-table.ts'
import { clientTask, runClient } from '../harness/processes.ts'

const MIB = 1024 * 1024
const CHUNK_BYTES = 64 * 1024
const CANDIDATES = [0, 1, 3, 8] as const
const SIZES = [6 * MIB, 64 * MIB, 256 * MIB] as const
/** What one variant hashes in one round, so that the whole table takes less than a minute. */
const ROUND_BYTES = 32 * MIB
const CLIENT_TIMEOUT_MS = 600_000

interface Task {
  readonly sizeBytes: number
  readonly rounds: number
  readonly operations: number
}

const task = clientTask<Task>()
if (task !== null) process.stdout.write(JSON.stringify(await measure(task)))
else await main()

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { nodes: { type: 'string', default: '22' }, sizes: { type: 'string' }, quick: { type: 'boolean', default: false } } })
  const sizes = values.sizes?.split(',').map(Number) ?? SIZES
  printMachine()
  await withNodes(values.nodes.split(','), async (nodes) => {
    const print = beginTable([
      'object',
      'Node',
      ...CANDIDATES.map((count) => `${count} candidates, CPU ms`),
      'a candidate, CPU µs per MiB',
      'a plain MD5, CPU µs per MiB',
      'a candidate, share of the read without any',
      'candidates at most',
      'on a first read, 2 parts',
    ])
    for (const sizeBytes of sizes) {
      for (const node of nodes) {
        const operations = Math.max(1, Math.round(ROUND_BYTES / sizeBytes))
        // the larger the object, the longer a round, and the fewer are needed
        const rounds = values.quick ? 1 : sizeBytes <= ROUND_BYTES ? 5 : sizeBytes <= 64 * MIB ? 3 : 2
        const measured: Task = { sizeBytes, rounds, operations }
        const costs = await runClient<Record<string, Cost>>(import.meta.url, measured, { node: node.path, timeoutMs: CLIENT_TIMEOUT_MS })
        print([sizeName(sizeBytes), node.version, ...figures(costs, sizeBytes)])
      }
    }
  })
}

/** One size: a read hashed with its four default digests and so many candidate layouts, in turns, in the chunks of a socket. */
async function measure({ sizeBytes, rounds, operations }: Task): Promise<Record<string, Cost>> {
  const engine = new NativeHashEngine()
  const chunk = Buffer.alloc(CHUNK_BYTES, 'sealift')
  const layouts = candidateLayouts(sizeBytes, 2).slice(0, Math.max(...CANDIDATES))
  const feed = (push: (bytes: Uint8Array) => void): void => {
    for (let left = sizeBytes; left > 0; left -= CHUNK_BYTES) push(left >= CHUNK_BYTES ? chunk : chunk.subarray(0, left))
  }
  return alternate(
    [
      ...CANDIDATES.map((count) => ({
        name: String(count),
        run: async () => {
          const hasher = new ReadHasher(engine, ['md5', 'sha1', 'sha256', 'crc32'], layouts.slice(0, count), ['md5'])
          feed((bytes) => hasher.push(bytes))
          if (hasher.finish().multipartEtags.length !== Math.min(count, layouts.length)) throw new Error('a candidate has no ETag')
        },
      })),
      {
        name: 'md5',
        run: async () => {
          const hash = createHash('md5')
          feed((bytes) => hash.update(bytes))
          hash.digest()
        },
      },
    ],
    // a large object warms up by its own first mebibytes
    { rounds, operations, warmUp: sizeBytes <= 64 * MIB ? operations : 0 },
  )
}

function figures(costs: Record<string, Cost>, sizeBytes: number): (string | number)[] {
  const cpu = (name: string): number => costs[name]?.cpuMicroseconds ?? Number.NaN
  const [none, all] = [cpu('0'), cpu(String(CANDIDATES.at(-1)))]
  const each = (all - none) / (CANDIDATES.at(-1) ?? 1)
  const mib = sizeBytes / MIB
  return [
    ...CANDIDATES.map((count) => (cpu(String(count)) / 1000).toFixed(1)),
    Math.round(each / mib),
    Math.round(cpu('md5') / mib),
    (each / none).toFixed(2),
    candidateCount(sizeBytes),
    candidatesForRead(candidateLayouts(sizeBytes, 2), 0, false).length,
  ]
}

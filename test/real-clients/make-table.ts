import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { RealServer } from '../servers/real-servers.ts'
import type { ExpectationTable } from './expectation-table.ts'

const SCRIPT = fileURLToPath(new URL('make-objects.mjs', import.meta.url))

/**
 * Uploads the plan's objects with the real clients, see make-objects.mjs.
 * @param only - pieces of names, parted by `|`; all objects where it is left out
 */
export async function makeTable(server: RealServer, bucket: string, only = ''): Promise<ExpectationTable> {
  const folder = await mkdtemp(join(tmpdir(), 'real-clients-table-'))
  try {
    const out = join(folder, 'table.json')
    const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, '--bucket', bucket, '--out', out, '--only', only], {
      env: {
        ...process.env,
        S3_SRC_ENDPOINT: server.endpoint,
        S3_SRC_REGION: server.region,
        S3_SRC_ACCESS_KEY_ID: server.credentials.accessKeyId,
        S3_SRC_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
      },
      timeout: 220_000,
    })
    console.log(stdout.trim())
    return JSON.parse(await readFile(out, 'utf8')) as ExpectationTable
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

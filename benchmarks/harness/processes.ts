import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const SOURCE_CONDITION = '--conditions=@sealift/source'
const START_TIMEOUT_MS = 30_000
const END_TIMEOUT_MS = 10_000

/** A process of the benchmark that answers on a port of 127.0.0.1. */
export interface Service {
  readonly port: number
  readonly endpoint: string
  /** What the server counted since the last `clear`. */
  counts(): Promise<RequestCounts>
  clear(): Promise<void>
  stop(): Promise<void>
}

export interface RequestCounts {
  readonly requests: number
  /** how many of them came out of the AWS SDK, by their User-Agent */
  readonly bySdk: number
  readonly byOperation: Readonly<Record<string, number>>
}

/** @param line - `bytesPerSecond` and `delayMs` in each direction: a line before the server that all connections share; nothing by default */
export async function startServer(line?: { readonly bytesPerSecond: number; readonly delayMs: number }): Promise<Service> {
  const scriptArguments = line === undefined ? [] : [String(line.bytesPerSecond), String(line.delayMs)]
  const child = fork(fileURLToPath(new URL('../server/main.ts', import.meta.url)), scriptArguments, { execArgv: [SOURCE_CONDITION, '--no-warnings'] })
  const { port } = await reply<{ port: number }>(child)
  const ask = async (question: 'counts' | 'clear'): Promise<RequestCounts> => {
    const answer = reply<{ counts: RequestCounts }>(child)
    child.send(question)
    return (await answer).counts
  }
  return {
    port,
    endpoint: `http://127.0.0.1:${port}`,
    counts: () => ask('counts'),
    clear: async () => void (await ask('clear')),
    stop: () => endProcess(child),
  }
}

/** The next message of a child; rejects where it ends before, or says nothing for so long. */
export async function reply<T>(child: ChildProcess, timeoutMs: number = START_TIMEOUT_MS): Promise<T> {
  const answered = new AbortController()
  const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), answered.signal])
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error(`a process of the benchmark ended with code ${child.exitCode}`)
  })
  // the loser of the race is refused when the signal fires
  ended.catch(() => undefined)
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended])) as [T]
    return message
  } finally {
    answered.abort()
  }
}

/** Closes the channel, at which a process of the benchmark ends. One that hangs is killed. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  if (child.connected) child.disconnect()
  const hanging = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS)
  await gone
  clearTimeout(hanging)
}

/**
 * Runs a benchmark's own `main.ts` as the client in a process of its own, and gives what it writes to its standard output as JSON.
 * @param node - the executable of the Node to measure; the running one by default
 */
export async function runClient<T>(main: string, task: unknown, options: { readonly node?: string; readonly timeoutMs: number }): Promise<T> {
  const { stdout } = await promisify(execFile)(
    options.node ?? process.execPath,
    [SOURCE_CONDITION, '--no-warnings', fileURLToPath(main), '--client', JSON.stringify(task)],
    { timeout: options.timeoutMs, maxBuffer: 16 * 1024 * 1024, killSignal: 'SIGKILL' },
  )
  return JSON.parse(stdout) as T
}

/** The task, where this process is the client; null where it is the one that starts it. */
export function clientTask<T>(): T | null {
  return process.argv[2] === '--client' ? (JSON.parse(process.argv[3] ?? 'null') as T) : null
}

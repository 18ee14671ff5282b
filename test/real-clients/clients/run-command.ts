import { spawn } from 'node:child_process'

export interface CommandOptions {
  readonly env: NodeJS.ProcessEnv
  /** for its standard input */
  readonly input?: string
  readonly timeoutMs?: number
}

/**
 * Runs a program to its end, killed after `timeoutMs`.
 * @returns what it printed on stdout
 * @throws an error with the end of its stderr where it exits with anything but 0
 */
export async function runCommand(program: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { env, input = '', timeoutMs = 60_000 } = options
  const child = spawn(program, [...args], { env, stdio: ['pipe', 'pipe', 'pipe'], timeout: timeoutMs, killSignal: 'SIGKILL' })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  // a program that exits without reading its input is reported by its exit code
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const { code, signal } = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal }))
  })
  if (code !== 0) throw new Error(`${program} ${args[0] ?? ''}: exit ${code ?? signal}: ${Buffer.concat(stderr).toString().trim().slice(-600)}`)
  return Buffer.concat(stdout).toString()
}

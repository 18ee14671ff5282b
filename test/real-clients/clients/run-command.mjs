import { spawn } from 'node:child_process'

/**
 * Runs a program to its end, killed after `timeoutMs`.
 * @returns what it printed on stdout
 * @throws an error with the end of its stderr where it exits with anything but 0
 */
export async function runCommand(program, args, { env, input = '', timeoutMs = 60_000 } = {}) {
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'], timeout: timeoutMs, killSignal: 'SIGKILL' })
  const stdout = []
  const stderr = []
  child.stdout.on('data', (chunk) => stdout.push(chunk))
  child.stderr.on('data', (chunk) => stderr.push(chunk))
  // a program that exits without reading its input is reported by its exit code
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const { code, signal } = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal }))
  })
  if (code !== 0) throw new Error(`${program} ${args[0] ?? ''}: exit ${code ?? signal}: ${Buffer.concat(stderr).toString().trim().slice(-600)}`)
  return Buffer.concat(stdout).toString()
}

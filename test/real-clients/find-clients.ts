import { runCommand } from './clients/run-command.ts'

// The distribution's own first: the `python3` or `aws` that comes first on PATH may be another one, without the packages.
interface Candidate {
  readonly programs: readonly string[]
  readonly args: readonly string[]
}

const CANDIDATES: Readonly<Record<string, Candidate>> = {
  'aws-cli': { programs: ['/usr/bin/aws', 'aws'], args: ['--version'] },
  rclone: { programs: ['/usr/bin/rclone', 'rclone'], args: ['version'] },
  s3cmd: { programs: ['/usr/bin/s3cmd', 's3cmd'], args: ['--version'] },
  boto3: { programs: ['/usr/bin/python3', 'python3'], args: ['-c', 'import boto3'] },
}

export interface FoundClients {
  /** program by client */
  readonly programs: Readonly<Record<string, string>>
  readonly missing: readonly string[]
}

/**
 * Looks for clients that really run.
 * @param names - of `aws-cli`, `rclone`, `s3cmd`, `boto3`
 * @returns the program of each one found, and the names of the missing ones
 */
export async function findClients(names: readonly string[] = Object.keys(CANDIDATES)): Promise<FoundClients> {
  const found = await Promise.all(names.map(async (name) => [name, await firstThatRuns(CANDIDATES[name])] as const))
  return {
    programs: Object.fromEntries(found.flatMap(([name, program]) => (program === null ? [] : [[name, program]]))),
    missing: found.filter(([, program]) => program === null).map(([name]) => name),
  }
}

async function firstThatRuns(candidate: Candidate | undefined): Promise<string | null> {
  const { programs, args } = candidate ?? { programs: [], args: [] }
  for (const program of programs) {
    try {
      await runCommand(program, args, { env: { PATH: process.env.PATH, HOME: '/nonexistent' }, timeoutMs: 20_000 })
      return program
    } catch {
      // not there, or broken: the next one
    }
  }
  return null
}

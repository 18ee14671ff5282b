import type { ProbeContext } from './probe-context.ts'

/** One question to a server. What `run` returns is a note; what it throws makes the answer 'no'. */
export interface ProbeCheck {
  readonly name: string
  readonly run: (context: ProbeContext) => Promise<string | undefined>
}

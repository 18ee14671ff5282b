import { BUCKET_CHECKS } from './checks/bucket-checks.ts'
import { CONFIG_CHECKS, SIGNATURE_CHECKS } from './checks/config-checks.ts'
import { DELETE_CHECKS, VERSION_CHECKS } from './checks/delete-checks.ts'
import { CONDITIONAL_WRITE_CHECKS, GET_CHECKS } from './checks/get-checks.ts'
import { KEY_CHECKS, LIST_CHECKS } from './checks/key-checks.ts'
import { METADATA_CHECKS } from './checks/metadata-checks.ts'
import { COPY_CHECKS, MULTIPART_CHECKS } from './checks/multipart-checks.ts'
import { CHECKSUM_CHECKS, PUT_CHECKS } from './checks/put-checks.ts'
import { TAG_CHECKS } from './checks/tag-checks.ts'
import { clearBuckets } from './clear-buckets.ts'
import type { ProbeCheck } from './probe-check.ts'
import { DiffersError, errorText, ProbeContext, type ServerError } from './probe-context.ts'
import type { ProbeMode, ProbeResult, ProbeTarget } from './probe-result.ts'

const CHECK_TIMEOUT_MS = 45_000

/** Every check, by group, in the order in which they are run: later ones use what earlier ones wrote. */
export const PROBE_CHECKS: readonly (readonly [group: string, checks: readonly ProbeCheck[]])[] = [
  ['bucket', BUCKET_CHECKS],
  ['put', PUT_CHECKS],
  ['checksum', CHECKSUM_CHECKS],
  ['meta', METADATA_CHECKS],
  ['get', GET_CHECKS],
  ['condput', CONDITIONAL_WRITE_CHECKS],
  ['mpu', MULTIPART_CHECKS],
  ['copy', COPY_CHECKS],
  ['keys', KEY_CHECKS],
  ['list', LIST_CHECKS],
  ['delete', DELETE_CHECKS],
  ['ver', VERSION_CHECKS],
  ['tags', TAG_CHECKS],
  ['config', CONFIG_CHECKS],
  ['auth', SIGNATURE_CHECKS],
]

/**
 * What does this S3 endpoint really do? Some 135 checks of operations and headers through the AWS SDK, one after the other, in buckets of
 * their own, which are removed afterwards. Several runs may go on at once.
 *
 * @param mode - 'default' leaves the SDK's checksum settings alone; 'required' sets both to WHEN_REQUIRED
 * @param onResult - called after each check
 * @returns one result a check, in order
 * @throws Error when not even a bucket can be made
 */
export async function probeChecks(target: ProbeTarget, mode: ProbeMode, onResult: (result: ProbeResult) => void = () => {}): Promise<ProbeResult[]> {
  const context = new ProbeContext(target, mode)
  const results: ProbeResult[] = []
  try {
    for (const [group, checks] of PROBE_CHECKS) {
      for (const check of checks) {
        const result = await runCheck(context, group, check)
        results.push(result)
        onResult(result)
        if (results.length === 1 && !result.ok) throw new Error(`cannot even make a bucket at ${target.endpoint}: ${result.note}`)
      }
    }
    await clearBuckets(context)
  } finally {
    context.close()
  }
  return results
}

async function runCheck(context: ProbeContext, group: string, { name, run }: ProbeCheck): Promise<ProbeResult> {
  context.sentHeaders = {}
  context.expectedError = null
  const began = performance.now()
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS)
  })
  const tookMs = (): number => Math.round(performance.now() - began)
  const answer = (error: ServerError | null): Pick<ProbeResult, 'status' | 'code'> => ({
    status: error?.$metadata?.httpStatusCode ?? null,
    code: error?.name ?? null,
  })
  try {
    const note = (await Promise.race([run(context), timeout])) ?? ''
    return { group, name, ok: true, note, ...answer(context.expectedError), tookMs: tookMs() }
  } catch (thrown) {
    const error = thrown as ServerError
    if (thrown instanceof DiffersError)
      return { group, name, ok: false, note: `differs: ${thrown.message}`, ...answer(context.expectedError), tookMs: tookMs() }
    return { group, name, ok: false, note: errorText(error), ...answer(error), tookMs: tookMs() }
  } finally {
    clearTimeout(timer)
  }
}

import type { ChecksumAlgorithm } from '@sealift/core'
import { CHECKSUM_ALGORITHMS, NO_METADATA, type ProbeBody, probeBody, rightDigest, wrongDigest } from './probe-body.ts'
import type { ProbeContext } from './probe-context.ts'

/** What a store does with one algorithm's checksum on a PUT. */
type Treatment = 'verified' | 'echoed' | 'recomputed' | 'ignored' | 'unsupported' | 'unanswered'

/** What became of the checksums of a PUT. */
export interface PutChecksums {
  /** a wrong value was refused, a right one accepted */
  readonly verified: readonly ChecksumAlgorithm[]
  /** for a person: what became of each algorithm */
  readonly summary: string
}

/**
 * Sends every algorithm's checksum once wrong and, where that is refused, once right. A later HEAD tells a value that is checked and stored from one that
 * is merely stored, whatever it is, and from one that is not looked at.
 */
export async function askPutChecksums(context: ProbeContext): Promise<PutChecksums> {
  const treatments: { readonly algorithm: ChecksumAlgorithm; readonly treatment: Treatment; readonly returned: boolean | null }[] = []
  for (const algorithm of CHECKSUM_ALGORITHMS) treatments.push({ algorithm, ...(await askOne(context, algorithm)) })
  const named = (treatment: Treatment): ChecksumAlgorithm[] => treatments.filter((item) => item.treatment === treatment).map((item) => item.algorithm)
  const summary = (['verified', 'echoed', 'recomputed', 'ignored', 'unsupported', 'unanswered'] as const)
    .filter((treatment) => named(treatment).length > 0)
    .map((treatment) => `${treatment}: ${named(treatment).join(', ')}`)
    .join('; ')
  answerReturned(context, treatments, summary)
  return { verified: named('verified'), summary }
}

async function askOne(context: ProbeContext, algorithm: ChecksumAlgorithm): Promise<{ readonly treatment: Treatment; readonly returned: boolean | null }> {
  const probe = await probeBody(48, [algorithm])
  const wrong = await send(context, algorithm, probe, 'wrong')
  if (wrong === 'unanswered') return { treatment: 'unanswered', returned: null }
  if (wrong === 'done') {
    const seen = await stored(context, algorithm, 'wrong')
    if (seen === undefined) return { treatment: 'unanswered', returned: null }
    if (seen === null) return { treatment: 'ignored', returned: false }
    return { treatment: seen === Buffer.from(rightDigest(probe, algorithm)).toString('hex') ? 'recomputed' : 'echoed', returned: true }
  }
  const right = await send(context, algorithm, probe, 'right')
  if (right === 'unanswered') return { treatment: 'unanswered', returned: null }
  if (right === 'refused') return { treatment: 'unsupported', returned: null }
  context.refusedKeys.set(context.ref(`${algorithm}-wrong`).key, 'checksums.verifiedOnWrite')
  const seen = await stored(context, algorithm, 'right')
  return { treatment: 'verified', returned: seen === undefined ? null : seen === Buffer.from(rightDigest(probe, algorithm)).toString('hex') }
}

async function send(
  context: ProbeContext,
  algorithm: ChecksumAlgorithm,
  probe: ProbeBody,
  which: 'right' | 'wrong',
): Promise<'done' | 'refused' | 'unanswered'> {
  const ref = context.ref(`${algorithm}-${which}`)
  const digest = which === 'right' ? rightDigest(probe, algorithm) : wrongDigest(probe, algorithm)
  const outcome = await context.write(ref, () => context.asking.put(ref, probe.body, { metadata: NO_METADATA, checksums: [{ algorithm, digest }] }))
  return outcome.kind
}

/** The checksum that HEAD gives back, in hex; null where it gives none; undefined where there is no answer. */
async function stored(context: ProbeContext, algorithm: ChecksumAlgorithm, which: 'right' | 'wrong'): Promise<string | null | undefined> {
  const head = await context.read((options) => context.asking.head(context.ref(`${algorithm}-${which}`), options))
  if (head.kind !== 'done' || head.value.fromCache) return undefined
  const found = head.value.checksums.find((checksum) => checksum.algorithm === algorithm && checksum.header.startsWith('x-amz-'))
  return found?.value ?? null
}

function answerReturned(
  context: ProbeContext,
  treatments: readonly { readonly treatment: Treatment; readonly returned: boolean | null }[],
  summary: string,
): void {
  const answered = treatments.filter((item) => item.returned !== null)
  if (answered.length === 0) context.leave('checksums.returned', 'no checksum could be looked at')
  else if (!answered.some((item) => item.returned === true)) context.answer('checksums.returned', 'no', `HEAD gave no checksum back (${summary})`)
  // a stored value that nobody checked cannot condemn an object, and does not prove a write
  else if (treatments.some((item) => item.treatment === 'echoed'))
    context.answer('checksums.returned', 'candidate', `HEAD gave wrong checksums back, too (${summary})`)
  else context.answer('checksums.returned', 'yes', `HEAD gave the checksums back (${summary})`)
}

import { type ClaimSource, type ProviderProfile, validateProfile } from '@sealift/core'
import type { ProbeAnswer } from './probe-answer.ts'

/**
 * The base profile, every claim that was answered in the answer's place. Pure.
 * @param date - ISO date of the probe
 */
export function applyAnswers(base: ProviderProfile, answers: readonly ProbeAnswer[], date: string): ProviderProfile {
  const profile = structuredClone(base) as ProviderProfile & Record<string, Record<string, unknown>>
  const answered = answers.filter((answer) => answer.value !== null)
  for (const { claim, value } of answered) {
    const [group = '', field = ''] = claim.split('.')
    const fields = profile[group]
    if (fields !== undefined) fields[field] = structuredClone(value)
  }
  // the probe saw its own objects: what others have put there may have MD5-like ETags of another rule
  const newlySure = base.etag.single !== 'yes' && profile.etag.single === 'yes'
  const etag = newlySure ? { ...profile.etag, singleAmbiguous: true } : profile.etag
  // a bucket with versioning may be another matter, and the probe saw one bucket
  const newlyConditional = base.writes.ifNoneMatch !== 'yes' && profile.writes.ifNoneMatch === 'yes' && base.writes.ifNoneMatchVersioned === undefined
  const writes = newlyConditional ? { ...profile.writes, ifNoneMatchVersioned: 'candidate' as const } : profile.writes
  const named = new Set<string>(answered.map((answer) => answer.claim))
  const probed: ClaimSource[] = answered.map(({ claim }) => ({ claim, source: 'probed: the endpoint itself, by probeProvider', date }))
  const sources = [...base.sources.filter((source) => !named.has(source.claim)), ...probed]
  const earlier = (base.probed ?? []).filter((claim) => !named.has(claim))
  return validateProfile({ ...profile, etag, writes, sources, probed: [...earlier, ...named] }, 'the probed profile')
}

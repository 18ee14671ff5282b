import { type ChecksumAlgorithm, type ChecksumType, compositeChecksum, type ProviderProfile } from '@sealift/core'
import type { PutChecksums } from './checksum-questions.ts'
import { probeBody, rightDigest, wrongDigest } from './probe-body.ts'
import type { ProbeContext } from './probe-context.ts'
import { beginUpload, endUpload, partOf, sendPart } from './upload-trial.ts'

interface PartChecksum {
  readonly algorithm: ChecksumAlgorithm
  /** a wrong value of a part was refused; null: no answer */
  readonly verified: boolean | null
  /** the upload's checksum came back as a composite one */
  readonly composite: boolean | null
}

/**
 * The algorithms whose wrong value is refused on UploadPart, too, in an upload that announced them; only those are known to be checked on every write.
 * Without `multipart` the base profile's word is kept for what a PUT confirmed.
 */
export async function askPartChecksums(context: ProbeContext, put: PutChecksums, base: ProviderProfile, multipart: boolean): Promise<void> {
  if (!multipart) {
    const kept = put.verified.filter((algorithm) => base.checksums.verifiedOnWrite.includes(algorithm))
    const unsure = put.verified.filter((algorithm) => !kept.includes(algorithm))
    const more = unsure.length === 0 ? '' : `; of parts nothing is known, so that these are left out: ${unsure.join(', ')}`
    return context.answer('checksums.verifiedOnWrite', kept, `on PUT, ${put.summary}${more}`)
  }
  const results: PartChecksum[] = []
  for (const algorithm of put.verified) results.push(await askOne(context, algorithm))
  const kept = results.filter((item) => item.verified === true).map((item) => item.algorithm)
  const lost = results.filter((item) => item.verified !== true).map((item) => item.algorithm)
  context.answer('checksums.verifiedOnWrite', kept, `on PUT, ${put.summary}${lost.length === 0 ? '' : `; not on UploadPart: ${lost.join(', ')}`}`)
  const composites = results.filter((item) => item.composite === true).map((item) => item.algorithm)
  context.answer(
    'checksums.multipartComposite',
    composites,
    composites.length === 0 ? 'no upload kept a composite checksum' : `uploads kept ${composites.join(', ')}`,
  )
}

async function askOne(context: ProbeContext, algorithm: ChecksumAlgorithm): Promise<PartChecksum> {
  for (const type of ['COMPOSITE', 'FULL_OBJECT'] as const) {
    const answered = await askType(context, algorithm, type)
    if (answered !== null) return answered
  }
  return { algorithm, verified: null, composite: null }
}

/** null: an upload of this kind cannot be made */
async function askType(context: ProbeContext, algorithm: ChecksumAlgorithm, type: ChecksumType): Promise<PartChecksum | null> {
  const probe = await probeBody(48, [algorithm])
  const begun = await beginUpload(context, `${algorithm}-parts-${type === 'COMPOSITE' ? 'composite' : 'full'}`, { checksum: { algorithm, type } })
  if (begun.kind !== 'done') return begun.kind === 'refused' ? null : { algorithm, verified: null, composite: null }
  const wrong = await sendPart(context, begun.value, 1, probe.bytes, { checksums: [{ algorithm, digest: wrongDigest(probe, algorithm) }] })
  if (wrong.kind === 'unanswered') return { algorithm, verified: null, composite: null }
  const right = await sendPart(context, begun.value, 1, probe.bytes, { checksums: [{ algorithm, digest: rightDigest(probe, algorithm) }] })
  if (right.kind === 'refused') return null
  if (right.kind === 'unanswered') return { algorithm, verified: null, composite: null }
  const verified = wrong.kind === 'refused'
  if (type === 'FULL_OBJECT') return { algorithm, verified, composite: false }
  const parts = [partOf(1, right.value, [{ algorithm, digest: rightDigest(probe, algorithm) }])]
  const ended = await endUpload(context, begun.value, parts, { sizeBytes: probe.bytes.byteLength })
  if (ended.kind !== 'done') return { algorithm, verified, composite: ended.kind === 'refused' ? false : null }
  const head = await context.read((options) => context.asking.head(begun.value.ref, options))
  if (head.kind !== 'done' || head.value.fromCache) return { algorithm, verified, composite: null }
  const expected = compositeChecksum(algorithm, [rightDigest(probe, algorithm)]).value
  return { algorithm, verified, composite: head.value.checksums.some((item) => item.algorithm === algorithm && item.value === expected) }
}

import { type ProviderProfile, parseETag } from '@sealift/core'
import { NO_METADATA, probeBody, rightDigest, wrongDigest } from './probe-body.ts'
import type { ProbeContext } from './probe-context.ts'
import { retained } from './refuse-retention.ts'

/** The object that later questions read. */
export interface ProbeObject {
  readonly name: string
  readonly bytes: Uint8Array
  /** raw, from HEAD or the write's reply; null where neither had one */
  readonly etag: string | null
}

const METADATA_NAME = 'sealift_probe'

/**
 * What the ETag of one PUT is, and what becomes of `_` in the name of metadata. Without this first object nothing else can be asked.
 * @throws what the store answered to the write
 */
export async function askSinglePut(context: ProbeContext, base: ProviderProfile): Promise<ProbeObject> {
  const probe = await probeBody(48)
  const ref = context.ref('single')
  const written = await context.write(ref, () => context.plain.put(ref, probe.body, { metadata: { user: { [METADATA_NAME]: 'x' } } }))
  if (written.kind !== 'done') throw written.error
  const head = await context.read((options) => context.plain.head(ref, options))
  const etag = (head.kind === 'done' ? head.value.etag : null) ?? written.value.etag
  const object = { name: 'single', bytes: probe.bytes, etag }
  if (head.kind !== 'done') {
    for (const claim of ['etag.single', 'metadata.underscoreBecomesDash'] as const) context.leave(claim, `HEAD of what was written: ${head.message}`)
    return object
  }
  const { fromCache, encryption, metadata, lock } = head.value
  if (lock !== null && lock.mode !== null) throw retained(context.bucket, `what was written there is locked (${lock.mode}): ${ref.key} is left`)
  if (fromCache) context.leave('etag.single', 'the reply came from a cache')
  else if (base.etag.opaqueWith.includes(encryption)) context.leave('etag.single', `the bucket encrypts with ${encryption}, under which ETags are opaque`)
  else if (etag === null) context.leave('etag.single', 'no reply had an ETag')
  else {
    const seen = [head.value.etag, written.value.etag].filter((value) => value !== null).map(parseETag)
    const md5 = seen.every((value) => value.kind === 'md5' && !value.weak && value.value === probe.hex.md5)
    context.answer(
      'etag.single',
      md5 ? 'yes' : 'no',
      md5 ? 'the ETag of one PUT was the MD5 of its bytes' : 'the ETag of one PUT was another value than its MD5',
    )
  }
  const kept = metadata.user[METADATA_NAME] === 'x'
  const dashed = metadata.user[METADATA_NAME.replaceAll('_', '-')] === 'x'
  if (kept !== dashed)
    context.answer(
      'metadata.underscoreBecomesDash',
      dashed,
      `metadata ${METADATA_NAME} came back as ${dashed ? METADATA_NAME.replaceAll('_', '-') : METADATA_NAME}`,
    )
  else context.leave('metadata.underscoreBecomesDash', 'the metadata did not come back')
  return object
}

/** Whether a wrong `Content-MD5` of a PUT is refused; a right one has to be taken. A part's is asked with the multipart questions. */
export async function askContentMd5(context: ProbeContext): Promise<void> {
  const probe = await probeBody(48)
  const right = context.ref('content-md5-right')
  const taken = await context.write(right, () => context.plain.put(right, probe.body, { metadata: NO_METADATA, contentMd5: rightDigest(probe, 'md5') }))
  if (taken.kind === 'unanswered') return context.leave('checksums.contentMd5', `a right Content-MD5: ${taken.message}`)
  if (taken.kind === 'refused') return context.answer('checksums.contentMd5', 'no', `a right Content-MD5 was refused: ${taken.message}`)
  const wrong = context.ref('content-md5-wrong')
  const digest = wrongDigest(probe, 'md5')
  const refused = await context.write(wrong, () => context.plain.put(wrong, probe.body, { metadata: NO_METADATA, contentMd5: digest }))
  if (refused.kind === 'unanswered') return context.leave('checksums.contentMd5', `a wrong Content-MD5: ${refused.message}`)
  if (refused.kind === 'refused') {
    context.refusedKeys.set(wrong.key, 'checksums.contentMd5')
    return context.answer('checksums.contentMd5', 'yes', `a wrong Content-MD5 was refused: ${refused.message}`)
  }
  context.answer('checksums.contentMd5', 'no', 'a wrong Content-MD5 was accepted')
  // an ETag that repeats what the client claimed says nothing of the bytes
  const echoed = refused.value.etag !== null && parseETag(refused.value.etag).value === Buffer.from(digest).toString('hex')
  if (echoed) context.answer('etag.single', 'no', 'the ETag repeats the Content-MD5 of the request, also a wrong one')
}

import { multipartETag, type ProviderProfile, parseETag } from '@sealift/core'
import { hasTags, PROBE_TAGS } from './metadata-questions.ts'
import { NO_METADATA, probeBody, rightDigest, wrongDigest } from './probe-body.ts'
import type { ProbeContext } from './probe-context.ts'
import { beginUpload, endUpload, partOf, sendPart } from './upload-trial.ts'

/** A first part larger than this is not sent for a probe. */
const MAX_FIRST_PART_BYTES = 16 * 1024 * 1024

/** Whether a part with a wrong `Content-MD5` is refused, as a PUT is; only then the claim holds for every write. */
export async function askPartContentMd5(context: ProbeContext): Promise<void> {
  if (context.valueOf('checksums.contentMd5') !== 'yes') return
  const probe = await probeBody(48)
  const begun = await beginUpload(context, 'part-content-md5')
  const doubt = (why: string): void => context.answer('checksums.contentMd5', null, `a PUT with a wrong one was refused; of a part it is not known: ${why}`)
  if (begun.kind !== 'done') return doubt(begun.message)
  const wrong = await sendPart(context, begun.value, 1, probe.bytes, { contentMd5: wrongDigest(probe, 'md5') })
  if (wrong.kind === 'unanswered') return doubt(wrong.message)
  if (wrong.kind === 'done') return context.answer('checksums.contentMd5', 'candidate', 'a wrong Content-MD5 is refused on PUT, and accepted on UploadPart')
  const right = await sendPart(context, begun.value, 1, probe.bytes, { contentMd5: rightDigest(probe, 'md5') })
  if (right.kind !== 'done') return doubt(right.message)
  context.partsChecked = true
  context.answer('checksums.contentMd5', 'yes', 'a wrong Content-MD5 was refused on PUT and UploadPart')
}

/** Whether CompleteMultipartUpload with `If-None-Match: *` spares an object that is there. */
export async function askIfNoneMatchOnComplete(context: ProbeContext): Promise<void> {
  const claim = 'writes.ifNoneMatchOnComplete'
  const probe = await probeBody(48)
  const name = 'complete-create-only'
  const ref = context.ref(name)
  const there = await context.write(ref, () => context.plain.put(ref, probe.body, { metadata: NO_METADATA }))
  if (there.kind !== 'done') return context.leave(claim, `PUT: ${there.message}`)
  const begun = await beginUpload(context, name)
  if (begun.kind !== 'done') return context.leave(claim, `CreateMultipartUpload: ${begun.message}`)
  const part = await sendPart(context, begun.value, 1, probe.bytes)
  if (part.kind !== 'done') return context.leave(claim, `UploadPart: ${part.message}`)
  const ended = await endUpload(context, begun.value, [partOf(1, part.value)], { sizeBytes: probe.bytes.byteLength, ifNoneMatch: '*' })
  if (ended.kind === 'unanswered') return context.leave(claim, `Complete with If-None-Match: ${ended.message}`)
  const heeded = ended.kind === 'refused' && ended.reason === 'precondition-failed'
  context.answer(claim, heeded ? 'yes' : 'no', `Complete with If-None-Match of a key that is there: ${ended.kind === 'done' ? 'done' : ended.message}`)
}

/** Whether tags that go with CreateMultipartUpload are kept, and whether Complete refuses a wrong `x-amz-mp-object-size`. */
export async function askUploadExtras(context: ProbeContext): Promise<void> {
  const probe = await probeBody(48)
  const sizeBytes = probe.bytes.byteLength
  const name = 'upload-extras'
  const tagged = await beginUpload(context, name, { tags: PROBE_TAGS })
  if (tagged.kind === 'refused') context.answer('metadata.tagsOnCreateUpload', 'no', `CreateMultipartUpload with tags was refused: ${tagged.message}`)
  const begun = tagged.kind === 'refused' ? await beginUpload(context, name) : tagged
  if (begun.kind !== 'done') {
    context.leave('metadata.tagsOnCreateUpload', `CreateMultipartUpload: ${begun.message}`)
    return context.leave('writes.sizeOnComplete', `CreateMultipartUpload: ${begun.message}`)
  }
  const part = await sendPart(context, begun.value, 1, probe.bytes)
  if (part.kind !== 'done') {
    context.leave('metadata.tagsOnCreateUpload', `UploadPart: ${part.message}`)
    return context.leave('writes.sizeOnComplete', `UploadPart: ${part.message}`)
  }
  const parts = [partOf(1, part.value)]
  const wrong = await endUpload(context, begun.value, parts, { sizeBytes: sizeBytes + 1 }, context.asking)
  let completed = wrong.kind === 'done'
  if (wrong.kind === 'unanswered') context.leave('writes.sizeOnComplete', `Complete with a wrong size: ${wrong.message}`)
  else if (wrong.kind === 'done') context.answer('writes.sizeOnComplete', 'no', 'Complete with a wrong x-amz-mp-object-size was accepted')
  else {
    const right = await endUpload(context, begun.value, parts, { sizeBytes }, context.asking)
    completed = right.kind === 'done'
    if (right.kind === 'unanswered') context.leave('writes.sizeOnComplete', `Complete with the right size: ${right.message}`)
    else
      context.answer(
        'writes.sizeOnComplete',
        completed ? 'yes' : 'no',
        completed
          ? 'Complete with a wrong x-amz-mp-object-size was refused'
          : `Complete with x-amz-mp-object-size is refused, right or wrong: ${wrong.message}`,
      )
    if (right.kind === 'refused') completed = (await endUpload(context, begun.value, parts, { sizeBytes })).kind === 'done'
  }
  if (tagged.kind !== 'done') return
  if (!completed) return context.leave('metadata.tagsOnCreateUpload', 'the upload could not be completed')
  const kept = await hasTags(context, begun.value.ref, PROBE_TAGS)
  if (kept === null) context.leave('metadata.tagsOnCreateUpload', 'the tags could not be read')
  else
    context.answer(
      'metadata.tagsOnCreateUpload',
      kept ? 'yes' : 'no',
      kept ? 'tags of CreateMultipartUpload came back' : 'tags of CreateMultipartUpload did not come back',
    )
}

/** What the ETags of an upload of two parts are, and how its layout can be asked for. */
export async function askTwoParts(context: ProbeContext, base: ProviderProfile): Promise<void> {
  const claims = ['etag.part', 'etag.multipart', 'etag.inCompleteReply', 'reads.partNumber'] as const
  const leaveAll = (why: string): void => {
    for (const claim of claims) context.leave(claim, why)
    context.leave('reads.objectAttributes', why)
  }
  const firstBytes = base.limits.minPartBytes
  if (firstBytes > MAX_FIRST_PART_BYTES) return leaveAll(`a first part of ${firstBytes} bytes is too much for a probe`)
  const first = await probeBody(firstBytes)
  const last = await probeBody(1)
  const begun = await beginUpload(context, 'two-parts')
  if (begun.kind !== 'done') return leaveAll(`CreateMultipartUpload: ${begun.message}`)
  const receipts = []
  for (const [index, probe] of [first, last].entries()) {
    const sent = await sendPart(context, begun.value, index + 1, probe.bytes)
    if (sent.kind !== 'done') return leaveAll(`UploadPart: ${sent.message}`)
    receipts.push(sent.value)
  }
  const fits = receipts.every((receipt, index) => receipt.etag !== null && isMd5(receipt.etag, [first, last][index]?.hex.md5 ?? ''))
  const encrypted = receipts.find((receipt) => base.etag.opaqueWith.includes(receipt.encryption))
  if (encrypted !== undefined) context.leave('etag.part', `the bucket encrypts with ${encrypted.encryption}, under which ETags are opaque`)
  else
    context.answer(
      'etag.part',
      fits ? 'yes' : 'no',
      fits ? 'UploadPart answered with the MD5 of the part' : 'UploadPart answered with another value than the MD5',
    )
  const sizeBytes = firstBytes + 1
  const ended = await endUpload(
    context,
    begun.value,
    receipts.map((receipt, index) => partOf(index + 1, receipt)),
    { sizeBytes },
  )
  if (ended.kind !== 'done') return leaveAll(`CompleteMultipartUpload: ${ended.message}`)
  const replied = ended.value.etag !== null
  context.answer('etag.inCompleteReply', replied, replied ? 'Complete answered with an ETag' : 'Complete answered without an ETag')
  const head = await context.read((options) => context.plain.head(begun.value.ref, options))
  if (head.kind !== 'done') return leaveAll(`HEAD of the upload: ${head.message}`)
  const expected = multipartETag([first.hex.md5 ?? '', last.hex.md5 ?? ''])
  if (head.value.fromCache) context.leave('etag.multipart', 'the reply came from a cache')
  else if (base.etag.opaqueWith.includes(head.value.encryption)) context.leave('etag.multipart', `the bucket encrypts with ${head.value.encryption}`)
  else {
    const seen = [head.value.etag, ended.value.etag].filter((value) => value !== null)
    const equal = head.value.etag !== null && seen.every((value) => parseETag(value).value === expected && !parseETag(value).weak)
    context.answer(
      'etag.multipart',
      equal ? 'yes' : 'no',
      equal ? 'the ETag of two parts was the MD5 of their MD5s' : 'the ETag of two parts follows another rule',
    )
  }
  await askLayout(context, 'two-parts', [firstBytes, 1])
}

function isMd5(etag: string, md5: string): boolean {
  const parsed = parseETag(etag)
  return parsed.kind === 'md5' && !parsed.weak && parsed.value === md5
}

async function askLayout(context: ProbeContext, name: string, sizes: readonly number[]): Promise<void> {
  const ref = context.ref(name)
  const head = await context.read((options) => context.plain.head(ref, { ...options, partNumber: 1 }))
  if (head.kind === 'unanswered') context.leave('reads.partNumber', `HEAD ?partNumber=1: ${head.message}`)
  else if (head.kind === 'refused') context.answer('reads.partNumber', 'no', `HEAD ?partNumber=1 was refused: ${head.message}`)
  else {
    const told = head.value.sizeBytes === sizes[0] && head.value.partsCount === sizes.length
    context.answer(
      'reads.partNumber',
      told ? 'yes' : 'no',
      told ? 'HEAD ?partNumber=1 gave the part and the count' : 'HEAD ?partNumber=1 did not give the part and the count',
    )
  }
  await askAttributes(context, name, sizes)
}

/** GetObjectAttributes: on a tiny object first, since some stores answer with the object itself. */
async function askAttributes(context: ProbeContext, name: string, sizes: readonly number[]): Promise<void> {
  const tiny = await context.read((options) => context.plain.partSizes(context.ref('single'), options))
  if (tiny.kind === 'refused') return context.answer('reads.objectAttributes', 'no', `GetObjectAttributes was refused: ${tiny.message}`)
  // a reply that is no document of the operation is the object itself
  if (tiny.kind === 'unanswered' && tiny.error.reason === 'invalid-reply')
    return context.answer('reads.objectAttributes', 'no', 'GetObjectAttributes answered with something else, probably the object')
  if (tiny.kind === 'unanswered') return context.leave('reads.objectAttributes', `GetObjectAttributes: ${tiny.message}`)
  const listed = await context.read((options) => context.plain.partSizes(context.ref(name), options))
  if (listed.kind !== 'done') return context.leave('reads.objectAttributes', `GetObjectAttributes: ${listed.message}`)
  const found = listed.value.sizes
  // Amazon S3 lists the parts of uploads with checksums only, and this one had none
  if (found === null) return context.leave('reads.objectAttributes', 'GetObjectAttributes listed no parts of an upload without checksums')
  const right = found.length === sizes.length && found.every((size, index) => size === sizes[index])
  context.answer('reads.objectAttributes', right ? 'yes' : 'no', right ? 'GetObjectAttributes listed the parts' : 'GetObjectAttributes listed other parts')
}

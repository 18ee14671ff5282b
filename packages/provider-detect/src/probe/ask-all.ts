import type { ProviderProfile } from '@sealift/core'
import { askPutChecksums } from './checksum-questions.ts'
import { askTags } from './metadata-questions.ts'
import { askPartChecksums } from './part-checksum-questions.ts'
import { PROBED_CLAIMS } from './probe-answer.ts'
import { type ProbeContext, ProbeEnded } from './probe-context.ts'
import { askDeleteIfMatch, askIfMatch, askIfNoneMatch, askRange } from './read-questions.ts'
import { askContentMd5, askSinglePut } from './single-write-questions.ts'
import { askIfNoneMatchOnComplete, askPartContentMd5, askTwoParts, askUploadExtras } from './upload-questions.ts'

/** Claims that only an upload can answer. */
const BY_UPLOAD = new Set<string>([
  'etag.multipart',
  'etag.part',
  'etag.inCompleteReply',
  'checksums.multipartComposite',
  'reads.partNumber',
  'reads.objectAttributes',
  'writes.ifNoneMatchOnComplete',
  'writes.sizeOnComplete',
  'metadata.tagsOnCreateUpload',
])

/**
 * Asks everything, one question after the other. Ends early, and leaves the rest unanswered, where requests or time are used up.
 * @throws what the store answered to the very first write; the signal's reason
 */
export async function askAll(context: ProbeContext, base: ProviderProfile, multipart: boolean): Promise<void> {
  try {
    const object = await askSinglePut(context, base)
    await askContentMd5(context)
    if (multipart) await askPartContentMd5(context)
    else keepOnlyKnown(context, base)
    await askRange(context, object)
    await askIfMatch(context, object)
    await askIfNoneMatch(context)
    await askDeleteIfMatch(context)
    await askTags(context)
    if (multipart) {
      await askTwoParts(context, base)
      await askUploadExtras(context)
      await askIfNoneMatchOnComplete(context)
    }
    const checksums = await askPutChecksums(context)
    await askPartChecksums(context, checksums, base, multipart)
  } catch (error) {
    if (!(error instanceof ProbeEnded)) throw error
    // half of a question is no answer: a wrong value that was refused on PUT only is not known to be refused everywhere
    if (context.valueOf('checksums.contentMd5') === 'yes' && !context.partsChecked) keepOnlyKnown(context, base)
  }
  for (const claim of PROBED_CLAIMS) {
    context.leave(claim, !multipart && BY_UPLOAD.has(claim) ? 'not asked: `multipart` is false' : 'not asked: requests or time were used up')
  }
}

/** What a PUT alone has shown does not stretch to parts: without an upload it only confirms what the table says. */
function keepOnlyKnown(context: ProbeContext, base: ProviderProfile): void {
  if (context.valueOf('checksums.contentMd5') !== 'yes' || base.checksums.contentMd5 === 'yes') return
  context.answer('checksums.contentMd5', null, 'a wrong Content-MD5 of a PUT was refused; of a part nothing is known')
}

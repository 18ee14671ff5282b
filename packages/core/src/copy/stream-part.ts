import type { HashAlgorithm } from '../checksum/algorithm.ts'
import { SealiftError } from '../errors.ts'
import { ChunkMemory } from './chunk-memory.ts'
import type { CopyJob } from './copy-job.ts'
import type { PartRange } from './part-plan.ts'
import type { RawDigests, ReadHasher } from './read-hasher.ts'
import type { SourceSession } from './source-session.ts'
import type { UploadSession } from './upload-session.ts'

/**
 * Streams one part that does not fit in memory. A failed try reads the range again; the whole object's hash is fed once only. Both must have seen the
 * same bytes: else what is judged would not be what was sent.
 * @param algorithms - of the part; MD5 is among them
 */
export async function streamPart(
  job: CopyJob,
  session: SourceSession,
  upload: UploadSession,
  range: PartRange,
  whole: ReadHasher,
  algorithms: readonly HashAlgorithm[],
  fresh: boolean,
): Promise<RawDigests> {
  const judged = job.engine.open(['md5'])
  const memory = new ChunkMemory()
  let fed = 0
  let broken = false
  let sent: RawDigests = {}
  const read = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    const part = job.engine.open(algorithms)
    let offset = 0
    try {
      for await (const chunk of session.reader.bytes(range, null, { fresh, take: () => memory.take() })) {
        part.push(chunk)
        const unseen = chunk.subarray(Math.min(chunk.byteLength, Math.max(0, fed - offset)))
        if (unseen.byteLength > 0) {
          judged.push(unseen)
          whole.push(unseen)
          fed += unseen.byteLength
        }
        job.engine.flush()
        offset += chunk.byteLength
        yield chunk
      }
      sent = part.digests()
    } catch (error) {
      broken = true
      throw error
    } finally {
      part.abandon()
    }
  }
  const before = upload.receipt(range.partNumber)
  if (before !== undefined) return compareOnly(job, session, upload, range, whole, algorithms, fresh)
  await upload.uploadPart(
    range.partNumber,
    range.sizeBytes,
    () => {
      sent = {}
      return {
        body: { kind: 'stream', stream: read(), sizeBytes: range.sizeBytes, onSent: (chunk) => memory.sent(chunk) },
        digests: () => sent,
        sourceFailed: () => broken,
      }
    },
    job.signal,
  )
  const md5 = judged.digests().md5
  if (fed !== range.sizeBytes || sent.md5 === undefined || md5 === undefined || Buffer.compare(md5, sent.md5) !== 0) {
    throw differing(job, range)
  }
  return sent
}

/** A further read of a part that is uploaded already: hashed, and sent again only where its bytes differ. */
async function compareOnly(
  job: CopyJob,
  session: SourceSession,
  upload: UploadSession,
  range: PartRange,
  whole: ReadHasher,
  algorithms: readonly HashAlgorithm[],
  fresh: boolean,
): Promise<RawDigests> {
  const part = job.engine.open(algorithms)
  let digests: RawDigests
  try {
    for await (const chunk of session.reader.bytes(range, null, { fresh })) {
      part.push(chunk)
      whole.push(chunk)
    }
    job.engine.flush()
    digests = part.digests()
  } catch (error) {
    part.abandon()
    throw error
  }
  const receipt = upload.receipt(range.partNumber)
  if (receipt !== undefined && digests.md5 !== undefined && Buffer.compare(receipt.md5, digests.md5) === 0) return digests
  const memory = new ChunkMemory()
  await upload.uploadPart(
    range.partNumber,
    range.sizeBytes,
    () => {
      let sent: RawDigests = {}
      const stream = (async function* (): AsyncGenerator<Uint8Array, void, undefined> {
        const hash = job.engine.open(algorithms)
        for await (const chunk of session.reader.bytes(range, null, { fresh: true, take: () => memory.take() })) {
          hash.push(chunk)
          job.engine.flush()
          yield chunk
        }
        sent = hash.digests()
      })()
      return { body: { kind: 'stream', stream, sizeBytes: range.sizeBytes, onSent: (chunk) => memory.sent(chunk) }, digests: () => sent }
    },
    job.signal,
  )
  const now = upload.receipt(range.partNumber)
  if (now === undefined || digests.md5 === undefined || Buffer.compare(now.md5, digests.md5) !== 0) throw differing(job, range)
  return digests
}

function differing(job: CopyJob, range: PartRange): SealiftError {
  const { bucket, key } = job.sourceRef
  return new SealiftError('ERR_TRANSFER', `source ${bucket}/${key}: two reads of part ${range.partNumber} gave different bytes`, {
    retryable: true,
    context: { bucket, key },
  })
}

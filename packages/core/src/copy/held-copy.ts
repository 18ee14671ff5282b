import { ObjectStoreError } from '../object-store-error.ts'
import type { WriteBody } from '../ports/object-store.ts'
import type { SourceJudgement } from '../verify/source-judgement.ts'
import { completeUpload } from './complete-upload.ts'
import { type AttemptResult, type CopyWork, describeWritten, isOnlyRead, mayCommit } from './copy-attempt.ts'
import type { CopyJob } from './copy-job.ts'
import { chooseLayout } from './copy-route.ts'
import { predictedEtag } from './destination-check.ts'
import { HeldBuffer } from './held-buffer.ts'
import { HeldDigests, laterDigests } from './later-digests.ts'
import { openUpload } from './open-upload.ts'
import { checkAbsent } from './overwrite-check.ts'
import { PartDigests } from './part-digests.ts'
import { type PartLayout, partRanges } from './part-plan.ts'
import { putObject } from './put-object.ts'
import { digestWhole, type RawDigests, type ReadDigests, ReadHasher } from './read-hasher.ts'
import { sendParts } from './send-parts.ts'
import { deriveLayout } from './source-layout.ts'
import type { SourceSession } from './source-session.ts'

/** Holds the whole object in memory, judges the source leg, and only then writes it, or only then the last of it. */
export async function copyHeld(job: CopyJob, session: SourceSession, work: CopyWork, fresh: boolean): Promise<AttemptResult> {
  const { held, hashed, statedMd5 } = await hold(job, session, work, fresh)
  if (statedMd5 !== null) return writeWhileJudged(job, session, work, held, hashed, statedMd5)
  const tried = work.known === null ? await derive(job, session, work, held.bytes, hashed.current) : []
  const judgement = session.judge(hashed.current, work.known !== null, [...tried].reverse())
  if (!mayCommit(job, session, judgement)) return heldBack(session, hashed, judgement)
  if (work.layout === null) {
    const outcome = await writeWhole(job, work, held, hashed, hashed.current.raw)
    return { kind: 'written', judgement, digests: hashed.complete(), outcome, route: 'single' }
  }
  const all = hashed.complete()
  return { kind: 'written', judgement, digests: all, outcome: await writeParts(job, session, work, work.layout, held, all), route: 'multipart' }
}

/**
 * Writes with the MD5 that the source states, and makes sure of it while the bytes are on their way: the last of them go out once the source leg is judged,
 * or the write is broken off and nothing is there of it.
 */
async function writeWhileJudged(
  job: CopyJob,
  session: SourceSession,
  work: CopyWork,
  held: HeldBuffer,
  hashed: HeldDigests,
  statedMd5: string,
): Promise<AttemptResult> {
  let judgement: SourceJudgement | null = null
  const judged = (): SourceJudgement => (judgement ??= session.judge(hashed.need(['md5']), false))
  const mayComplete = (): boolean => mayCommit(job, session, judged())
  const raw = { ...hashed.current.raw, md5: Buffer.from(statedMd5, 'hex') }
  try {
    const outcome = await writeWhole(job, work, held, hashed, raw, mayComplete)
    // an earlier attempt's write may have been found instead, and nobody asked
    if (mayComplete()) return { kind: 'written', judgement: judged(), digests: hashed.complete(), outcome, route: 'single' }
  } catch (error) {
    // whatever became of it: bytes that are not right are read again first
    if (!(error instanceof ObjectStoreError) || mayComplete()) throw error
  }
  return heldBack(session, hashed, judged())
}

/** The next read is compared with all digests of this one. */
function heldBack(session: SourceSession, hashed: HeldDigests, judgement: SourceJudgement): AttemptResult {
  session.completeRead(hashed.complete())
  return { kind: 'held-back', judgement, digests: hashed.current }
}

function writeWhole(
  job: CopyJob,
  work: CopyWork,
  held: HeldBuffer,
  hashed: HeldDigests,
  raw: RawDigests,
  mayComplete?: () => boolean,
): ReturnType<typeof putObject> {
  const { sendContentMd5, sendChecksums } = work.plan
  return hashed.completeWhile(
    putObject(job, {
      bytes: held.bytes,
      onDisturbed: () => held.disturb(),
      raw,
      mayComplete,
      written: () => describeWritten(hashed.complete(), null, { contentMd5: sendContentMd5, checksums: sendChecksums }),
      sendContentMd5,
      sendChecksums,
      options: work.write,
    }),
  )
}

/**
 * Looks for the layout that gives these bytes the source's multipart ETag, and fixes the write's layout by it. Bytes that nothing vouches for yet may be
 * harmed, and then no layout fits: they are tried over the likeliest few only, and over all where a second read gave the same, or none will follow.
 * @returns the ETags that were tried, the last one the source's where it was found
 */
async function derive(job: CopyJob, session: SourceSession, work: CopyWork, bytes: Uint8Array, digests: ReadDigests): Promise<readonly string[]> {
  const { claims } = session.claims
  const wanted = claims.find((claim) => claim.method === 'etag-multipart')?.expected
  if (wanted === undefined) return []
  const md5 = digests.hex.md5 ?? ''
  const before = work.derived?.md5 === md5 ? work.derived : null
  const vouchedFor = before !== null || claims.some((claim) => claim.type === 'FULL_OBJECT' && digests.hex[claim.algorithm] === claim.expected)
  const candidates = vouchedFor || isOnlyRead(job) ? work.candidates : work.candidates.slice(0, DOUBTFUL_CANDIDATES)
  const done = before?.tried.length ?? 0
  const found =
    before?.layout == null ? await deriveLayout(job.engine, bytes, wanted, candidates.slice(done), job.signal) : { layout: before.layout, tried: [] }
  work.derived = { md5, layout: found.layout, tried: [...(before?.tried ?? []), ...found.tried] }
  if (work.upload === null) fixLayout(job, session, work, found.layout)
  return work.derived.tried
}

/** Tried over bytes that nothing vouches for yet. */
const DOUBTFUL_CANDIDATES = 8

/** The layout that the bytes proved is the one to write, where the destination permits it; the ranked guess is dropped otherwise. */
function fixLayout(job: CopyJob, session: SourceSession, work: CopyWork, derived: PartLayout | null): void {
  const chosen = chooseLayout(
    session.sizeBytes,
    derived === null ? null : { layout: derived, origin: 'derived' },
    session.sourceIsSingle,
    job.destination.profile.limits,
    job.settings,
  )
  work.layout = chosen.layout
  work.origin = chosen.origin
}

async function hold(
  job: CopyJob,
  session: SourceSession,
  work: CopyWork,
  fresh: boolean,
): Promise<{ readonly held: HeldBuffer; readonly hashed: HeldDigests; readonly statedMd5: string | null }> {
  if (work.held?.disturbed === true) releaseHeld(work)
  const held = (work.held ??= new HeldBuffer(session.sizeBytes))
  const { bytes } = held
  const { partAlgorithms } = work.plan
  const later = laterDigests(job, session, work)
  const algorithms = work.plan.algorithms.filter((algorithm) => !later.algorithms.includes(algorithm))
  const hasherOf = (): ReadHasher => new ReadHasher(job.engine, algorithms, work.known === null ? [] : [work.known.layout], partAlgorithms)
  const done: { hasher: ReadHasher | null; digests: ReadDigests | null } = { hasher: null, digests: null }
  try {
    await session.into(
      bytes,
      (from, to) => {
        // hashed where it will be sent from, so that what is judged is what goes out
        if (to - from === bytes.byteLength && work.known === null) done.digests = digestWhole(job.engine, algorithms, bytes)
        else (done.hasher ??= hasherOf()).push(bytes.subarray(from, to))
        job.observer.progress({ bytesRead: job.counters.bytesRead, bytesWritten: job.counters.bytesWritten, sizeBytes: session.sizeBytes })
      },
      fresh,
    )
    const hashed = new HeldDigests(job.engine, bytes, done.digests ?? (done.hasher ?? hasherOf()).finish(), later.algorithms)
    // a reply that came later than the plan was made may state another digest, or not this one
    const { offered } = session
    if (offered === session.claims) return { held, hashed, statedMd5: later.statedMd5 }
    hashed.complete()
    return { held, hashed, statedMd5: null }
  } catch (error) {
    done.hasher?.abandon()
    throw error
  }
}

/** Gives the memory of a held object back: its copy is over, or starts over. Idempotent. */
export function releaseHeld(work: CopyWork): void {
  work.held?.release()
  work.held = null
}

async function writeParts(
  job: CopyJob,
  session: SourceSession,
  work: CopyWork,
  layout: PartLayout,
  held: HeldBuffer,
  digests: ReadDigests,
): ReturnType<typeof completeUpload> {
  await checkAbsent(job)
  const upload = await openUpload(job, session, work, layout)
  const parts = new PartDigests(job.engine, work.plan.partAlgorithms)
  const buffer = held.bytes
  try {
    await sendParts(job, async (send) => {
      for (const range of partRanges(layout)) {
        const bytes = buffer.subarray(range.start, range.start + range.sizeBytes)
        const raw = parts.add(range.partNumber, bytes)
        await send(async (signal) => {
          const body = (): { readonly body: WriteBody; readonly digests: () => RawDigests } => ({ body: { kind: 'bytes', bytes }, digests: () => raw })
          if ((await upload.uploadPart(range.partNumber, range.sizeBytes, body, signal)).sends > 1) held.disturb()
        })
      }
    })
  } catch (error) {
    held.disturb()
    throw error
  }
  const written = describeWritten(digests, parts.combine(), upload.checked)
  await checkAbsent(job)
  const outcome = await completeUpload(job, upload, written, predictedEtag(written, job.destination.profile))
  work.upload = null
  return outcome
}

import { type ChecksumAlgorithm, type ChecksumType, DEFAULT_HASHES, DIGEST_BYTES, type HashAlgorithm } from '../checksum/algorithm.ts'
import { parseETag } from '../etag.ts'
import type { LayoutOrigin, Route } from '../object-result.ts'
import type { StoredChecksum } from '../ports/object-store.ts'
import type { Claim, EncryptionKind, ProviderProfile } from '../ports/provider-profile.ts'
import { type DestinationReply, destinationEvidence, judgeReadBacks, type Written } from '../verify/destination-evidence.ts'
import type { Assurance, Evidence, Verdict } from '../verify/evidence.ts'
import { planEvidence } from '../verify/evidence-plan.ts'
import { type ClaimingStat, sourceClaims } from '../verify/source-claims.ts'
import { judgeSource, type SourceRead } from '../verify/source-judgement.ts'
import { conclude } from '../verify/verdict.ts'
import { sameLayout } from './copy-attempt.ts'
import type { CopySettings } from './copy-job.ts'
import { chooseRoute, chooseWriteLayout } from './copy-route.ts'
import { isSettled } from './destination-check.ts'
import { explicitLayout, type PartLayout, uniformLayout } from './part-plan.ts'
import { candidateLayouts } from './source-layout.ts'

/** An object at the source, by what decides over its evidence. */
export interface ExpectedObject {
  readonly sizeBytes: number
  /** sizes of its parts; null: one PUT */
  readonly parts: readonly number[] | null
  /** the `x-amz-checksum-*` that went with its upload */
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType } | null
  readonly encryption: EncryptionKind
}

export interface ExpectedCopyInput {
  readonly object: ExpectedObject
  readonly source: ProviderProfile
  readonly destination: ProviderProfile
  /** the source is read over TLS */
  readonly sourceTls: boolean
  readonly verify: CopySettings['verify']
  /** what stands behind a claim that is only a candidate: the rule after all, or another one */
  readonly candidates: 'hold' | 'fail'
}

/** One kind of request and how often it is sent. */
export interface ExpectedRequests {
  readonly side: 'source' | 'destination'
  readonly operation: string
  readonly count: number
}

export interface ExpectedCopy {
  readonly verdict: Verdict
  readonly assurance: Assurance
  /** one sentence: what decides, or what is missing */
  readonly because: string
  /** every comparison, its values made up */
  readonly evidence: readonly Evidence[]
  readonly route: Route
  readonly layout: LayoutOrigin
  /** both ETags are equal; null: one of them follows no known rule */
  readonly sameEtag: boolean | null
  /** tags, metadata checks and detection apart */
  readonly requests: readonly ExpectedRequests[]
}

/** The memory and the layout rule of a copy with default options. */
const SETTINGS = { memoryBytes: 64 * 1024 * 1024, layout: 'preserve', partSizeBytes: null } as const
const MAX_READS = 3
const OWN_CHECKSUM = { algorithm: 'crc64nvme', type: 'FULL_OBJECT' } as const

/**
 * What a copy of an object, nothing going wrong, comes to by two profiles alone: the very functions that judge a copy, over made-up values. Pure.
 * Objects that fit the default memory only.
 */
export function expectCopy(input: ExpectedCopyInput): ExpectedCopy {
  const { object, source, destination, verify } = input
  const requests = new Map<string, ExpectedRequests>()
  const ask = (side: 'source' | 'destination', operation: string, count = 1): void => {
    const known = requests.get(`${side} ${operation}`)
    requests.set(`${side} ${operation}`, { side, operation, count: (known?.count ?? 0) + count })
  }
  const stat = sourceStat(input)
  const { claims, notComparable } = sourceClaims(stat, source)
  const etag = stat.etag === null ? null : parseETag(stat.etag)
  const partCount = etag?.kind === 'multipart' && source.etag.multipart !== 'no' ? (etag.partCount ?? null) : null
  const askable = partCount ?? claims.find((claim) => claim.type === 'COMPOSITE' && claim.method === 'stored-checksum')?.partCount ?? null
  const told = askable !== null && askable > 1 ? toldLayout(input, ask) : null
  const known = told?.layout ?? null
  const candidates = known === null && partCount !== null ? candidateLayouts(object.sizeBytes, partCount) : []
  const actual = object.parts === null ? null : explicitLayout(object.parts)
  const derived = candidates.find((candidate) => sameLayout(candidate, actual)) ?? null
  const wanted = claims.some((claim) => claim.method === 'etag-multipart')
  const plan = planEvidence({ hashes: DEFAULT_HASHES, claims, destination, readBack: verify.readBack })
  // HEAD ?partNumber tells the first size only: unequal parts may look like equal ones
  const right = derived !== null || (known !== null && sameLayout(known, actual))
  const read: SourceRead = {
    sizeBytes: object.sizeBytes,
    digests: Object.fromEntries(plan.algorithms.map((algorithm) => [algorithm, digestOf(algorithm)])),
    multipartEtags: right ? [multipartOf(object)] : candidates.length > 0 || known !== null ? [`${'1'.repeat(32)}-${partCount}`] : [],
    composites:
      known === null ? {} : Object.fromEntries(plan.partAlgorithms.map((algorithm) => [algorithm, right ? compositeOf(algorithm, object) : 'AAAA-1'])),
    layoutKnown: known !== null,
    tls: input.sourceTls,
    offered: { claims, notComparable },
  }
  const reads: SourceRead[] = []
  let judgement: ReturnType<typeof judgeSource>
  do {
    reads.push(read)
    ask('source', 'GetObject')
    judgement = judgeSource(reads, { secondRead: verify.secondRead, canReadAgain: stat.etag !== null })
  } while (judgement.state === 'read-again' && reads.length < MAX_READS)

  const found = told ?? layoutToWrite(wanted, derived, candidates)
  const route = chooseRoute({ sizeBytes: object.sizeBytes, sourcePartCount: partCount, claims, destination, settings: SETTINGS })
  const chosen = chooseWriteLayout(route, object.sizeBytes, found, etag?.kind === 'md5', destination.limits, SETTINGS)
  const multipart = chosen.layout !== null
  if (chosen.layout === null) ask('destination', 'PutObject')
  else {
    ask('destination', 'CreateMultipartUpload')
    ask('destination', 'UploadPart', chosen.layout.count)
    ask('destination', 'CompleteMultipartUpload')
  }
  const writtenEtag = chosen.layout === null ? null : sameLayout(chosen.layout, actual) ? multipartOf(object) : `${'e'.repeat(32)}-${chosen.layout.count}`
  const written: Written = {
    sizeBytes: object.sizeBytes,
    digests: read.digests,
    multipartEtag: writtenEtag,
    composites: multipart ? Object.fromEntries(plan.partAlgorithms.map((algorithm) => [algorithm, compositeOf(algorithm, object)])) : {},
    checked: { contentMd5: plan.sendContentMd5, checksums: plan.sendChecksums },
  }
  const rule = multipart ? destination.etag.multipart : destination.etag.single
  const shown = etagBy(rule, writtenEtag ?? digestOf('md5'), input.candidates)
  const receipt: DestinationReply = {
    etag: multipart && !destination.etag.inCompleteReply ? null : shown,
    checksums: [],
    encryption: 'none',
    sizeBytes: null,
    fromCache: false,
  }
  const replies = [receipt]
  let evidence = destinationEvidence(written, replies, destination)
  if (multipart || !isSettled(evidence)) {
    ask('destination', 'HeadObject')
    replies.push({ ...receipt, etag: shown, sizeBytes: object.sizeBytes })
    evidence = destinationEvidence(written, replies, destination)
  }
  if (verify.readBack === 'always' || (verify.readBack === 'when-needed' && !isSettled(evidence))) {
    ask('destination', 'GetObject')
    evidence = [...evidence, ...judgeReadBacks(written, [{ sizeBytes: object.sizeBytes, digests: read.digests }]).evidence]
  }
  const all = [...judgement.evidence, ...evidence]
  const conclusion = conclude(all, 'ours', { sourceEvidence: verify.sourceEvidence })
  return {
    ...conclusion,
    evidence: all,
    route: multipart ? 'multipart' : 'single',
    layout: chosen.origin,
    sameEtag: rule === 'yes' && isRule(input, partCount) ? (etag?.value ?? null) === parseETag(shown).value : null,
    requests: [...requests.values()],
  }
}

/** The source's own ETag is known to follow a rule. */
function isRule(input: ExpectedCopyInput, partCount: number | null): boolean {
  const { etag } = input.source
  if (etag.opaqueWith.includes(input.object.encryption)) return false
  return (input.object.parts === null ? etag.single : etag.multipart) === 'yes' && (input.object.parts === null || partCount !== null)
}

function sourceStat(input: ExpectedCopyInput): ClaimingStat {
  const { object, source, candidates } = input
  const encrypted = source.etag.opaqueWith.includes(object.encryption)
  const rule = object.parts === null ? source.etag.single : source.etag.multipart
  const right = object.parts === null ? digestOf('md5') : multipartOf(object)
  return {
    etag: encrypted ? `"${'f'.repeat(32)}${object.parts === null ? '' : `-${object.parts.length}`}"` : etagBy(rule, right, candidates),
    checksums: storedChecksums(input),
    encryption: object.encryption,
    lastModified: new Date('2026-01-01T00:00:00Z'),
    metadata: { user: {} },
    sizeBytes: object.sizeBytes,
    fromCache: false,
  }
}

/** The ETag that follows a rule, or another of the same form, or an opaque one. */
function etagBy(rule: Claim, right: string, candidates: 'hold' | 'fail'): string {
  if (rule === 'no') return '"opaque"'
  return rule === 'yes' || candidates === 'hold' ? `"${right}"` : `"${right.replace(/^[0-9a-f]{32}/, '0'.repeat(32))}"`
}

function storedChecksums({ object, source, candidates }: ExpectedCopyInput): StoredChecksum[] {
  const { returned, vendorHeaders } = source.checksums
  const found: StoredChecksum[] = []
  const shown = returned === 'yes' || (returned === 'candidate' && candidates === 'hold')
  // Amazon S3, since the end of 2024, and some others give an object that came without a checksum one of their own
  const mayAdd = returned === 'candidate' || source.checksums.multipartFullObject.includes('crc64nvme')
  const own = candidates === 'hold' && mayAdd ? OWN_CHECKSUM : null
  const checksum = object.checksum ?? own
  if (checksum !== null && shown) {
    const { algorithm, type } = checksum
    const value = type === 'COMPOSITE' ? compositeOf(algorithm, object) : digestOf(algorithm)
    found.push({ algorithm, type, value, header: `x-amz-checksum-${algorithm}` })
  }
  for (const header of vendorHeaders) {
    const algorithms: readonly HashAlgorithm[] = header !== 'x-goog-hash' ? ['crc64ecma'] : object.parts === null ? ['crc32c', 'md5'] : ['crc32c']
    for (const algorithm of algorithms) found.push({ algorithm, type: 'FULL_OBJECT', value: digestOf(algorithm), header })
  }
  return found
}

/** What GetObjectAttributes or HEAD ?partNumber tells. Parts without checksums are not listed everywhere. */
function toldLayout(
  input: ExpectedCopyInput,
  ask: (side: 'source', operation: string) => void,
): { readonly layout: PartLayout; readonly origin: LayoutOrigin } | null {
  const { reads } = input.source
  const { parts, checksum } = input.object
  if (parts === null) return null
  if (reads.objectAttributes === 'yes') {
    ask('source', 'GetObjectAttributes')
    if (checksum !== null || input.candidates === 'hold') return { layout: explicitLayout(parts), origin: 'attributes' }
  }
  if (reads.partNumber !== 'yes') return null
  ask('source', 'HeadObject')
  const layout = uniformLayout(input.object.sizeBytes, Math.max(1, parts[0] ?? 1))
  return layout.count === parts.length ? { layout, origin: 'part-number' } : null
}

function layoutToWrite(
  wanted: boolean,
  derived: PartLayout | null,
  candidates: readonly PartLayout[],
): { readonly layout: PartLayout; readonly origin: 'derived' | 'ranked' } | null {
  if (wanted) return derived === null ? null : { layout: derived, origin: 'derived' }
  const [first] = candidates
  return first === undefined ? null : { layout: first, origin: 'ranked' }
}

function digestOf(algorithm: HashAlgorithm): string {
  return 'ab'.repeat(DIGEST_BYTES[algorithm])
}

function multipartOf(object: ExpectedObject): string {
  return `${'cd'.repeat(16)}-${object.parts?.length ?? 1}`
}

function compositeOf(algorithm: HashAlgorithm, object: ExpectedObject): string {
  return `${Buffer.from(digestOf(algorithm), 'hex').toString('base64')}-${object.parts?.length ?? 1}`
}

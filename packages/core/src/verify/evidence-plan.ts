import { type ChecksumAlgorithm, HASH_ALGORITHMS, type HashAlgorithm } from '../checksum/algorithm.ts'
import type { EncryptionKind, ProviderProfile } from '../ports/provider-profile.ts'
import type { SourceClaim } from './source-claims.ts'
import { strongestOf } from './source-judgement.ts'

export interface EvidencePlanInput {
  /** what the caller asked for */
  readonly hashes: readonly HashAlgorithm[]
  readonly claims: readonly SourceClaim[]
  readonly destination: ProviderProfile
  readonly readBack: 'when-needed' | 'always' | 'never'
  /** the source's own, which the copy is written with; the destination is known to check it */
  readonly kept?: ChecksumAlgorithm | undefined
}

export interface EvidencePlan {
  /** computed over the whole object, in the order of `HASH_ALGORITHMS` */
  readonly algorithms: readonly HashAlgorithm[]
  /** those of `algorithms` by which nothing is judged before the write, and which nothing is sent with: they are for the record, and for what replies say later */
  readonly laterAlgorithms: readonly HashAlgorithm[]
  /** computed over every part, too */
  readonly partAlgorithms: readonly HashAlgorithm[]
  /** checks that go with every body */
  readonly sendContentMd5: boolean
  readonly sendChecksums: readonly ChecksumAlgorithm[]
  /** evidence of the write itself can decide the destination leg, as far as the profile tells beforehand */
  readonly provableByWrite: boolean
}

/** Checksums to send where Content-MD5 is not known to be checked, cheapest first. */
const CHECKED_WRITE_ORDER: readonly ChecksumAlgorithm[] = ['crc32', 'sha256', 'crc64nvme', 'crc32c', 'sha1']

/** What has to be computed and sent so that both legs can be judged with the fewest requests. Pure. */
export function planEvidence(input: EvidencePlanInput): EvidencePlan {
  const { destination } = input
  const sendContentMd5 = destination.checksums.contentMd5 !== 'no'
  const checksum = CHECKED_WRITE_ORDER.find((algorithm) => destination.checksums.verifiedOnWrite.includes(algorithm))
  // a write takes one algorithm
  const sendChecksums = input.kept !== undefined ? [input.kept] : destination.checksums.contentMd5 === 'yes' || checksum === undefined ? [] : [checksum]
  const composites = input.claims.filter((claim) => claim.type === 'COMPOSITE').map((claim) => claim.algorithm)
  // MD5 always: ETags are made of it, and a second read or a read-back needs one strong digest
  const algorithms = inOrder([
    ...input.hashes,
    'md5',
    ...input.claims.filter((claim) => claim.type === 'FULL_OBJECT').map((claim) => claim.algorithm),
    ...sendChecksums,
    // the store says the CRC-64 of what it holds: comparing it spares a read-back, where no digest at hand can prove the write
    ...(saysCrc64(destination) && !canProveByDigest(destination, 'none') && input.readBack !== 'always' ? (['crc64ecma'] as const) : []),
  ])
  const first: ReadonlySet<HashAlgorithm | null> = new Set([
    'md5',
    // it signs the request
    'sha256',
    // the evidence of a second read names it
    strongestOf(algorithms),
    ...input.claims.map((claim) => claim.algorithm),
    ...sendChecksums,
  ])
  return {
    algorithms,
    laterAlgorithms: algorithms.filter((algorithm) => !first.has(algorithm)),
    partAlgorithms: inOrder(['md5', ...composites, ...sendChecksums]),
    sendContentMd5,
    sendChecksums,
    provableByWrite: input.readBack !== 'always' && canProveByWrite(destination, 'none'),
  }
}

/** Whether a write's own reply, or a HEAD after it, can decide the destination leg. */
export function canProveByWrite(destination: ProviderProfile, encryption: EncryptionKind): boolean {
  return canProveByDigest(destination, encryption) || saysCrc64(destination)
}

function saysCrc64({ checksums }: ProviderProfile): boolean {
  return checksums.vendorHeaders.some((header) => header.endsWith('crc64ecma'))
}

function canProveByDigest(destination: ProviderProfile, encryption: EncryptionKind): boolean {
  const etag = destination.etag.single === 'yes' && destination.etag.multipart === 'yes' && !destination.etag.opaqueWith.includes(encryption)
  return etag || destination.checksums.contentMd5 === 'yes' || destination.checksums.verifiedOnWrite.length > 0
}

function inOrder(wanted: readonly HashAlgorithm[]): HashAlgorithm[] {
  return HASH_ALGORITHMS.filter((algorithm) => wanted.includes(algorithm))
}

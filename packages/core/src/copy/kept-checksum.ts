import type { ChecksumAlgorithm, ChecksumType } from '../checksum/algorithm.ts'
import type { NotCarried } from '../object-result.ts'
import type { StoredChecksum } from '../ports/object-store.ts'
import type { ProviderProfile } from '../ports/provider-profile.ts'

/** The checksum that a copy is written with, so that the destination's object has it as the source's has. */
export interface KeptChecksum {
  readonly algorithm: ChecksumAlgorithm
  /** of an upload in parts: the source's own type, where the destination keeps that; one PUT has it of the whole object */
  readonly type: ChecksumType
}

export interface ChecksumToKeep {
  readonly kept: KeptChecksum | null
  readonly notCarried: readonly NotCarried[]
}

/** Amazon S3, R2 and others store one with every upload, whatever was sent: it is kept where it can be, and nobody's choice where it cannot. */
const GIVEN_BY_ITSELF: ChecksumAlgorithm = 'crc64nvme'

/**
 * Which `x-amz-checksum-*` of the source the copy is written with. Only one that the destination is known to check and to give back, in uploads too: a value
 * that is merely taken may be dropped, or refused half-way. A store takes one algorithm a write. Pure.
 */
export function checksumToKeep(stored: readonly StoredChecksum[], destination: ProviderProfile): ChecksumToKeep {
  const { checksums, name } = destination
  const kept: KeptChecksum[] = []
  const notCarried: NotCarried[] = []
  for (const { algorithm, type, header } of stored) {
    if (algorithm === 'crc64ecma' || !header.startsWith('x-amz-checksum-')) continue
    const full = checksums.multipartFullObject.includes(algorithm)
    const composite = checksums.multipartComposite.includes(algorithm)
    const lose = (reason: string): void => {
      if (algorithm !== GIVEN_BY_ITSELF) notCarried.push({ what: 'checksum', name: algorithm, reason })
    }
    const [first] = kept
    if (checksums.returned !== 'yes') lose(`${name} is not known to keep checksums`)
    else if (!checksums.verifiedOnWrite.includes(algorithm) || !(full || composite)) lose(`${name} is not known to keep this algorithm`)
    else if (first !== undefined) lose(`one is kept, ${first.algorithm}`)
    else if (type === 'COMPOSITE') kept.push({ algorithm, type: composite ? 'COMPOSITE' : 'FULL_OBJECT' })
    else kept.push({ algorithm, type: full ? 'FULL_OBJECT' : 'COMPOSITE' })
  }
  return { kept: kept[0] ?? null, notCarried }
}

/** A write that cannot carry it: listed once, however often it is tried. */
export function loseChecksum(notCarried: NotCarried[], kept: KeptChecksum | null, reason: string): void {
  if (kept === null || kept.algorithm === GIVEN_BY_ITSELF || notCarried.some(({ what, name }) => what === 'checksum' && name === kept.algorithm)) return
  notCarried.push({ what: 'checksum', name: kept.algorithm, reason })
}

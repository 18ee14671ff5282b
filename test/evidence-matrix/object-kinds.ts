/** The kinds of source objects, each uploaded by a plain client. */
export const OBJECT_KINDS = [
  'empty',
  'small',
  'multipart-told',
  'multipart-derivable',
  'multipart-underivable',
  'sse-kms',
  'checksum-full',
  'checksum-composite',
  'checksum-none',
] as const

export type ObjectKind = (typeof OBJECT_KINDS)[number]

/** What each kind is, for people. */
export const KIND_TEXT: Readonly<Record<ObjectKind, string>> = {
  empty: 'no bytes, one PUT',
  small: '20,000 bytes, one PUT',
  'multipart-told': 'equal parts of an odd size, that no ranking holds: only a store that tells its part sizes makes them known',
  'multipart-derivable': 'equal parts of a size that uploaders use: found by size and ETag where the store does not tell it',
  'multipart-underivable': 'unequal parts (equal ones of an odd size where the store takes no other)',
  'sse-kms': '20,000 bytes, one PUT under SSE-KMS; the destination is written under SSE-KMS, too, where it can be',
  'checksum-full': 'as multipart-told, uploaded with a CRC of the whole object',
  'checksum-composite': 'as multipart-told, uploaded with a SHA-256 over the parts',
  'checksum-none': '20,000 bytes that came past the protocol: no checksum is stored, not even the server’s own',
}

/** `tiny`: the kit, which takes parts from 64 KiB on here; `real`: a real server, which takes them from 5 MiB on. */
export type Scale = 'tiny' | 'real'

export const MIN_PART_BYTES: Readonly<Record<Scale, number>> = { tiny: 65_536, real: 5_242_880 }

/** Of every object in one PUT that is not empty. */
const SINGLE_BYTES = 20_000

// the last part of the derivable kind is nearly as large as the others: then few part sizes can have cut the object
const PARTS: Readonly<Record<Scale, { readonly usual: readonly number[]; readonly odd: readonly number[]; readonly unequal: readonly number[] }>> = {
  tiny: { usual: [65_536, 65_536, 65_000], odd: [65_541, 65_541, 40_000], unequal: [65_541, 70_001, 30_011] },
  real: { usual: [5_242_880, 300_000], odd: [5_256_217, 200_000], unequal: [5_256_217, 5_300_001, 200_000] },
}

/**
 * The part sizes of a kind; null: one PUT.
 * @param equalPartsOnly - the store refuses unequal parts
 */
export function partSizesOf(kind: ObjectKind, scale: Scale, equalPartsOnly: boolean): readonly number[] | null {
  const { usual, odd, unequal } = PARTS[scale]
  switch (kind) {
    case 'multipart-derivable':
      return usual
    case 'multipart-underivable':
      return equalPartsOnly ? odd : unequal
    case 'multipart-told':
    case 'checksum-full':
    case 'checksum-composite':
      return odd
    default:
      return null
  }
}

export function sizeOf(kind: ObjectKind, scale: Scale, equalPartsOnly: boolean): number {
  const parts = partSizesOf(kind, scale, equalPartsOnly)
  return parts === null ? (kind === 'empty' ? 0 : SINGLE_BYTES) : parts.reduce((total, size) => total + size, 0)
}

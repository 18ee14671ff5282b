import type { NotHeld, SourceOffer, StoreFacts } from './store-facts.ts'

// What each store offers as evidence, written down from what is known of it (docs/provider-profiles.md), not taken from the engine or from its profiles.
// A profile that claims more or less than a row here, and a personality that behaves otherwise, both show as unexpected cells.

type Claim = SourceOffer['claim']

const single = (claim: Claim): SourceOffer => ({ claim, layout: 'single', questions: 0 })
/** by HEAD `?partNumber=1`, after GetObjectAttributes, which lists the parts of uploads with checksums only */
const toldByHead = (claim: Claim): SourceOffer => ({ claim, layout: 'told', questions: 2 })
const mistold = (claim: Claim): SourceOffer => ({ claim, layout: 'mistold', questions: 2 })
/** by GetObjectAttributes */
const toldByAttributes = (claim: Claim): SourceOffer => ({ claim, layout: 'told', questions: 1 })
const derived = (claim: Claim): SourceOffer => ({ claim, layout: 'derived', questions: 0 })
const unknown = (claim: Claim): SourceOffer => ({ claim, layout: 'unknown', questions: 0 })
const notHeld = (why: string): NotHeld => ({ notHeld: why })

const NO_KMS = notHeld('no SSE-KMS there')
const NO_CHECKSUMS = notHeld('no checksum is kept there: the object would be as multipart-underivable')
const NO_LAYOUT_TOLD = notHeld('part sizes are not told there: the object would be as multipart-underivable')

/** One PUT has its MD5 as ETag; a multipart ETag is the MD5 over the MD5s; nothing else: no checksums, no part sizes, no SSE-KMS. */
const ETAGS_ONLY: StoreFacts['source'] = {
  empty: single('binds'),
  small: single('binds'),
  'multipart-told': NO_LAYOUT_TOLD,
  'multipart-derivable': derived('proves'),
  'multipart-underivable': unknown('nothing'),
  'sse-kms': NO_KMS,
  'checksum-full': NO_CHECKSUMS,
  'checksum-composite': NO_CHECKSUMS,
  'checksum-none': single('binds'),
}

/** As {@link ETAGS_ONLY}, but an ETag that looks like an MD5 may be something else (a large object that Swift's own API made). */
const SWIFT: StoreFacts['source'] = {
  ...ETAGS_ONLY,
  empty: single('proves'),
  small: single('proves'),
  'checksum-none': single('proves'),
}

const CEPH: StoreFacts['source'] = {
  ...ETAGS_ONLY,
  // asked for, and ignored: such an object is one like any other
  'sse-kms': single('binds'),
}

/** The personalities of the kit, by name; each is run with the profile of the same name. */
const KIT_FACTS: readonly StoreFacts[] = [
  {
    id: 'aws',
    name: 'Amazon S3',
    scale: 'tiny',
    profileId: 'aws',
    source: {
      // a CRC64NVME of the whole object is stored with every upload, whatever was sent
      empty: single('binds'),
      small: single('binds'),
      'multipart-told': toldByHead('binds'),
      'multipart-derivable': toldByHead('binds'),
      'multipart-underivable': mistold('binds'),
      'sse-kms': single('binds'),
      'checksum-full': toldByAttributes('binds'),
      'checksum-composite': toldByAttributes('proves'),
      'checksum-none': single('binds'),
    },
    destination: { single: 'reply', multipart: 'head', kms: 'reply', equalPartsOnly: false, bodies: 'checked' },
  },
  {
    id: 'minio',
    name: 'MinIO',
    scale: 'tiny',
    profileId: 'minio',
    source: {
      empty: single('binds'),
      small: single('binds'),
      'multipart-told': toldByHead('proves'),
      'multipart-derivable': toldByHead('proves'),
      // the first part's size fits no unequal layout, and nothing but the ETag is stored
      'multipart-underivable': mistold('nothing'),
      // the ETag is no digest, and no checksum is stored that was not sent
      'sse-kms': single('nothing'),
      'checksum-full': toldByAttributes('binds'),
      'checksum-composite': toldByAttributes('proves'),
      'checksum-none': single('binds'),
    },
    destination: { single: 'reply', multipart: 'head', kms: 'reply', equalPartsOnly: false, bodies: 'checked' },
  },
  {
    id: 'ceph',
    name: 'Ceph RGW',
    scale: 'tiny',
    profileId: 'ceph',
    source: CEPH,
    destination: { single: 'reply', multipart: 'head', kms: 'reply', equalPartsOnly: false, bodies: 'checked' },
  },
  {
    id: 'swift',
    name: 'OpenStack Swift (s3api)',
    scale: 'tiny',
    profileId: 'swift',
    source: SWIFT,
    destination: { single: 'reply', multipart: 'head', kms: null, equalPartsOnly: false, bodies: 'checked' },
  },
  {
    id: 'r2',
    name: 'Cloudflare R2',
    scale: 'tiny',
    profileId: 'r2',
    source: {
      empty: single('binds'),
      small: single('binds'),
      'multipart-told': NO_LAYOUT_TOLD,
      // a CRC64NVME is stored with every upload, which nobody documents well enough to condemn by it
      'multipart-derivable': derived('proves'),
      'multipart-underivable': unknown('proves'),
      'sse-kms': NO_KMS,
      'checksum-full': unknown('proves'),
      // a checksum over parts whose sizes nobody tells: only a second read is left
      'checksum-composite': unknown('nothing'),
      'checksum-none': single('binds'),
    },
    destination: { single: 'reply', multipart: 'head', kms: null, equalPartsOnly: true, bodies: 'checked' },
  },
]

/** by HEAD `?partNumber=1`, asked again without its condition, which moto holds against the part's own ETag */
const toldByPartNumber = (claim: Claim): SourceOffer => ({ claim, layout: 'told', questions: 2 })

/** The real servers of test/servers. */
const REAL_FACTS: readonly StoreFacts[] = [
  {
    id: 'rgw',
    name: 'Ceph RGW 16.2.15 (real)',
    scale: 'real',
    profileId: 'ceph',
    source: { ...CEPH, 'sse-kms': notHeld('no key server is set up there') },
    destination: { single: 'reply', multipart: 'head', kms: null, equalPartsOnly: false, bodies: 'checked' },
  },
  {
    id: 'swift-s3api',
    name: 'OpenStack Swift 2.30.1 (real)',
    scale: 'real',
    profileId: 'swift',
    source: SWIFT,
    destination: { single: 'reply', multipart: 'head', kms: null, equalPartsOnly: false, bodies: 'checked' },
  },
  {
    id: 'moto',
    name: 'moto 5.2.1 (a model, where present)',
    scale: 'real',
    profileId: 'moto',
    source: {
      empty: single('binds'),
      small: single('binds'),
      'multipart-told': toldByPartNumber('proves'),
      'multipart-derivable': toldByPartNumber('proves'),
      'multipart-underivable': mistold('nothing'),
      // the ETag is the MD5 all the same, but nobody promises that
      'sse-kms': single('nothing'),
      'checksum-full': toldByPartNumber('proves'),
      'checksum-composite': toldByPartNumber('proves'),
      'checksum-none': single('binds'),
    },
    destination: { single: 'reply', multipart: 'head', kms: 'read-back', equalPartsOnly: false, bodies: 'unchecked' },
  },
]

/**
 * The stores of the matrix: a row for each personality, and the real servers.
 * @throws Error naming each personality that has no row here, and each row whose personality is gone
 */
export function matrixStores(personalities: readonly string[]): readonly StoreFacts[] {
  const missing = personalities.filter((id) => !KIT_FACTS.some((facts) => facts.id === id))
  if (missing.length > 0) throw new Error(`no row in test/evidence-matrix/evidence-table.ts for the personality ${missing.join(', ')}`)
  const gone = KIT_FACTS.filter(({ id }) => !personalities.includes(id)).map(({ id }) => id)
  if (gone.length > 0) throw new Error(`test/evidence-matrix/evidence-table.ts has a row for ${gone.join(', ')}, which the kit does not have`)
  return [...KIT_FACTS, ...REAL_FACTS]
}

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
/** by HEAD `?partNumber=1` alone */
const toldByPartNumber = (claim: Claim): SourceOffer => ({ claim, layout: 'told', questions: 1 })
/** the same, asked again without its condition, which moto holds against the part's own ETag */
const toldOnceMore = (claim: Claim): SourceOffer => ({ claim, layout: 'told', questions: 2 })
const unknown = (claim: Claim): SourceOffer => ({ claim, layout: 'unknown', questions: 0 })
const notHeld = (why: string): NotHeld => ({ notHeld: why })

const NO_KMS = notHeld('no SSE-KMS there')
const NO_CHECKSUMS = notHeld('no checksum is kept there: the object would be as multipart-underivable')
const NO_ETAG = notHeld('a source without ETags is refused unless its profile allows it')
const NO_LAYOUT_TOLD = notHeld('part sizes are not told there: the object would be as multipart-underivable')

/** One PUT has its MD5 as ETag; a multipart ETag is the MD5 over the MD5s; nothing else: no checksums, no part sizes, no SSE-KMS. */
export const ETAGS_ONLY: StoreFacts['source'] = {
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

/** One PUT has the MD5 as ETag, and a multipart upload the MD5 over the MD5s; but nobody promises either. */
const ETAGS_UNPROMISED: StoreFacts['source'] = {
  ...ETAGS_ONLY,
  empty: single('proves'),
  small: single('proves'),
  'checksum-none': single('proves'),
}

/** A body that was harmed on its way is refused by its Content-MD5; a multipart ETag is looked at by HEAD. */
export const CHECKED_WRITES: StoreFacts['destination'] = { single: 'reply', multipart: 'head', kms: null, equalPartsOnly: false, bodies: 'checked' }

/** Nothing that a write's reply says is promised to be true. */
const READ_BACK_ONLY: StoreFacts['destination'] = { single: 'read-back', multipart: 'read-back', kms: null, equalPartsOnly: false, bodies: 'checked' }

/** What is done with a store that nothing is known of: it is taken to want equal parts. */
const GENERIC: Pick<StoreFacts, 'scale' | 'profileId' | 'source' | 'destination'> = {
  scale: 'tiny',
  profileId: 'generic',
  source: { ...ETAGS_UNPROMISED, 'sse-kms': single('nothing') },
  destination: { ...READ_BACK_ONLY, kms: 'read-back', equalPartsOnly: true },
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
  {
    id: 'b2',
    name: 'Backblaze B2',
    scale: 'tiny',
    profileId: 'b2',
    source: ETAGS_UNPROMISED,
    destination: READ_BACK_ONLY,
  },
  {
    id: 'wasabi',
    name: 'Wasabi',
    scale: 'tiny',
    profileId: 'wasabi',
    // checksums are kept, but nobody promises that they are looked at
    source: { ...ETAGS_UNPROMISED, 'checksum-full': unknown('proves'), 'checksum-composite': unknown('nothing') },
    destination: CHECKED_WRITES,
  },
  {
    id: 'gcs',
    name: 'Google Cloud Storage (XML API)',
    scale: 'tiny',
    profileId: 'gcs',
    // a CRC32C of every object; no ETag of a multipart object says anything of its parts
    source: { ...ETAGS_ONLY, 'multipart-derivable': unknown('binds'), 'multipart-underivable': unknown('binds'), 'sse-kms': single('binds') },
    destination: { ...CHECKED_WRITES, equalPartsOnly: true },
  },
  {
    id: 'spaces',
    name: 'DigitalOcean Spaces',
    scale: 'tiny',
    profileId: 'spaces',
    source: CEPH,
    destination: CHECKED_WRITES,
  },
  {
    id: 'oss',
    name: 'Alibaba Cloud OSS',
    scale: 'tiny',
    profileId: 'oss',
    // a CRC-64 of every object, whatever the ETag is
    source: { ...ETAGS_ONLY, 'multipart-derivable': unknown('binds'), 'multipart-underivable': unknown('binds'), 'sse-kms': single('binds') },
    destination: { single: 'head', multipart: 'head', kms: 'head', equalPartsOnly: false, bodies: 'checked' },
  },
  {
    id: 'storj',
    name: 'Storj',
    scale: 'tiny',
    profileId: 'storj',
    source: ETAGS_UNPROMISED,
    destination: READ_BACK_ONLY,
  },
  {
    id: 'garage',
    name: 'Garage',
    scale: 'tiny',
    profileId: 'garage',
    source: {
      ...ETAGS_ONLY,
      'multipart-told': toldByPartNumber('proves'),
      'multipart-derivable': toldByPartNumber('proves'),
      'multipart-underivable': { claim: 'nothing', layout: 'mistold', questions: 1 },
      // asked for, and ignored
      'sse-kms': single('binds'),
      'checksum-full': notHeld('checksums of multipart objects are over their parts there'),
      'checksum-composite': toldByPartNumber('proves'),
    },
    destination: CHECKED_WRITES,
  },
  {
    id: 'seaweedfs',
    name: 'SeaweedFS',
    scale: 'tiny',
    profileId: 'seaweedfs',
    source: { ...ETAGS_UNPROMISED, 'sse-kms': single('nothing'), 'checksum-full': unknown('proves'), 'checksum-composite': unknown('nothing') },
    // a single ETag is the MD5; one of parts may be over chunks instead
    destination: { single: 'reply', multipart: 'read-back', kms: 'read-back', equalPartsOnly: false, bodies: 'checked' },
  },
  {
    id: 'express',
    name: 'Amazon S3 directory bucket',
    scale: 'tiny',
    profileId: 'express',
    // ETags are made up, so that no number of parts is known; a CRC64NVME of the whole object is stored with every upload
    source: {
      empty: single('binds'),
      small: single('binds'),
      'multipart-told': unknown('binds'),
      'multipart-derivable': unknown('binds'),
      'multipart-underivable': unknown('binds'),
      'sse-kms': single('binds'),
      'checksum-full': unknown('binds'),
      // its value says how many parts there are, so that their sizes are asked for
      'checksum-composite': toldByAttributes('proves'),
      'checksum-none': single('nothing'),
    },
    // a checksum goes with the write and comes back; a CRC does not imply the size, a SHA-256 does
    destination: { single: 'head', multipart: 'head', kms: 'head', sha256: 'reply', equalPartsOnly: false, bodies: 'checked' },
  },
  {
    ...GENERIC,
    id: 'generic-opaque',
    name: 'an unknown store with made-up ETags',
    source: {
      empty: single('nothing'),
      small: single('nothing'),
      'multipart-told': NO_LAYOUT_TOLD,
      'multipart-derivable': unknown('nothing'),
      'multipart-underivable': unknown('nothing'),
      'sse-kms': single('nothing'),
      'checksum-full': NO_CHECKSUMS,
      'checksum-composite': NO_CHECKSUMS,
      'checksum-none': single('nothing'),
    },
  },
  { ...GENERIC, id: 'generic', name: 'an unknown store', legsOnly: true },
  {
    ...GENERIC,
    id: 'generic-plain-md5',
    name: 'an unknown store, multipart ETags are plain MD5s',
    legsOnly: true,
    source: { ...GENERIC.source, 'multipart-derivable': unknown('proves'), 'multipart-underivable': unknown('proves') },
  },
  { ...GENERIC, id: 'generic-upper-case', name: 'an unknown store, ETags in upper case and without quotes', legsOnly: true },
  {
    ...GENERIC,
    id: 'generic-no-etag',
    name: 'an unknown store, no ETags',
    legsOnly: true,
    destination: { ...GENERIC.destination, nameless: true },
    source: {
      empty: NO_ETAG,
      small: NO_ETAG,
      'multipart-told': NO_ETAG,
      'multipart-derivable': NO_ETAG,
      'multipart-underivable': NO_ETAG,
      'sse-kms': NO_ETAG,
      'checksum-full': NO_ETAG,
      'checksum-composite': NO_ETAG,
      'checksum-none': NO_ETAG,
    },
  },
  { ...GENERIC, id: 'generic-echo', name: 'an unknown store that gives back the checksums that it was told', legsOnly: true },
  { ...GENERIC, id: 'generic-careless', name: 'an unknown store that looks neither at Range nor at If-Match nor at Content-MD5', legsOnly: true },
]

/** Personalities whose habit the matrix has no kind of object or option for; each has tests of its own. */
const OUTSIDE: Readonly<Record<string, string>> = {
  'generic-cached': 'every read comes out of a cache',
  'generic-gzip': 'as generic, but for objects in gzip',
  'generic-requester-pays': 'as aws, but for the header that every request needs',
  'generic-retention': 'as aws, but what was written cannot be deleted',
}

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
      'multipart-told': toldOnceMore('proves'),
      'multipart-derivable': toldOnceMore('proves'),
      'multipart-underivable': mistold('nothing'),
      // the ETag is the MD5 all the same, but nobody promises that
      'sse-kms': single('nothing'),
      'checksum-full': toldOnceMore('proves'),
      'checksum-composite': toldOnceMore('proves'),
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
  const missing = personalities.filter((id) => !Object.hasOwn(OUTSIDE, id) && !KIT_FACTS.some((facts) => facts.id === id))
  if (missing.length > 0) throw new Error(`no row in test/evidence-matrix/evidence-table.ts for the personality ${missing.join(', ')}`)
  const gone = [...KIT_FACTS.map(({ id }) => id), ...Object.keys(OUTSIDE)].filter((id) => !personalities.includes(id))
  if (gone.length > 0) throw new Error(`test/evidence-matrix/evidence-table.ts has a row for ${gone.join(', ')}, which the kit does not have`)
  return [...KIT_FACTS, ...REAL_FACTS]
}

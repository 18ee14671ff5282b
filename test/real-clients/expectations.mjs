// What a copy of each object must come to, by the rules of the design, written down beforehand. Nothing here runs, or is taken from, the library.
//
// Source leg. The servers speak plain HTTP, so the way there proves nothing.
//   1. A single PUT on Ceph has the MD5 of its bytes as ETag: `etag-md5`, end-to-end.
//   2. A multipart ETag is the MD5 over the part MD5s. Ceph tells nobody the part sizes (it ignores ?partNumber and has no GetObjectAttributes), so they are
//      derived from (size, number of parts). One part: the part is the object, nothing is guessed. More: every object here is smaller than `memoryBytes`
//      (64 MiB), so that it is held, and up to max(8, 2 GiB / size) layouts are tried: what known uploaders use at that size, then whole MiB, then
//      multiples of 1,000,000, then multiples of 1,024. A layout among the first three groups is always found: there are fewer than 40 of them at these sizes.
//      `etag-multipart`, end-to-end.
//   3. A layout that is in none of the groups, or whose parts differ: no ETag can be compared. If the client left the MD5 of the whole file in the metadata
//      (rclone's md5chksum, s3cmd's s3cmd-attrs), a match of that proves as well: `client-digest`, end-to-end.
//   4. Else the source is read a second time, which counts as an attempt; equal digests allow `second-read`, destination-only.
// Destination leg. Both servers give a single PUT its MD5 and a multipart upload the MD5 over the part MD5s that were written:
//      `etag-md5` for the route single, `etag-multipart` for the route multipart.
// ETag equality. The source's layout is replayed where it is known before the first part goes out: a single PUT as a single PUT, one part as one part,
//      a derived layout as it was derived (both servers take parts of 5 MiB and more, and up to 1,000). Then both ETags are equal. A layout that was not found
//      is replaced by our own (16 MiB parts, or a single PUT), and the ETags differ.
// Little memory. With `memoryBytes` below the object's size a multipart object is sent by the first-ranked candidate while the others are hashed in the same
//      pass: the source leg is proved all the same, and the ETags are equal only where the true layout is the first-ranked one. The likeliest uploaders are
//      aws-cli and boto3 (8 MiB), then the SDKs (5 MiB); where neither fits (size, number of parts) the order is nobody's promise, and nothing is expected. An object whose
//      uploader left a digest may be proved by that just as well: one proof ends the search. The search may take a second read of the source.
// Not carried. Swift has no tags, knows the storage class STANDARD only, no website redirect, and no metadata value beyond 256 bytes. RGW holds all of
//      these (its test set-up has STANDARD_IA). Names with an underscore became dashes when they were uploaded to RGW: the copy sees dashes.

const MiB = 1_048_576

// part sizes of common uploaders that are no whole MiB: the console of AWS
const UPLOADER_PART_SIZES = [17_179_870]

/** Is this layout one that the search by (size, number of parts) comes to? All parts but the last equal, the last not larger, the size in one of the groups. */
function isDerivable(partSizes) {
  if (partSizes.length === 1) return true
  const [first] = partSizes
  const last = partSizes.at(-1)
  if (partSizes.slice(0, -1).some((size) => size !== first) || last > first) return false
  return UPLOADER_PART_SIZES.includes(first) || first % MiB === 0 || first % 1_000_000 === 0
}

/** The MD5 that the client left in the metadata, as hex; null where there is none. */
export function clientDigest(metadata) {
  const rclone = metadata.md5chksum
  if (rclone !== undefined) return Buffer.from(rclone, 'base64').toString('hex')
  const s3cmd = /(?:^|\/)md5:([0-9a-f]{32})(?:\/|$)/.exec(metadata['s3cmd-attrs'] ?? '')
  return s3cmd?.[1] ?? null
}

function sourceLeg(object) {
  if (object.partSizes === null) return { method: 'etag-md5', layoutKnown: true, assurance: 'end-to-end' }
  if (isDerivable(object.partSizes)) return { method: 'etag-multipart', layoutKnown: true, assurance: 'end-to-end' }
  if (clientDigest(object.metadata) !== null) return { method: 'client-digest', layoutKnown: false, assurance: 'end-to-end' }
  return { method: 'second-read', layoutKnown: false, assurance: 'destination-only' }
}

/**
 * Is the layout the first-ranked one? True or false where the design says which candidate is first, else null.
 */
function isFirstRanked(object) {
  const count = object.partSizes.length
  if (count === 1) return true
  // (N-1)·p < size <= N·p
  const fits = (size) => (count - 1) * size < object.sizeBytes && object.sizeBytes <= count * size
  const first = [8 * MiB, 5 * MiB].find(fits)
  return first === undefined ? null : object.partSizes[0] === first && isDerivable(object.partSizes)
}

function littleMemory(object) {
  const sourceMethod = clientDigest(object.metadata) === null ? 'etag-multipart' : 'etag-multipart or client-digest'
  return { sourceMethod, etagEqual: isFirstRanked(object), attemptsAtMost: 2 }
}

function notCarriedAtSwift(object) {
  return [
    ...(object.tags.length > 0 ? [{ what: 'tags', name: null }] : []),
    ...(object.storageClass === 'STANDARD' ? [] : [{ what: 'storage-class', name: null }]),
    ...(object.websiteRedirect === null ? [] : [{ what: 'website-redirect', name: null }]),
    ...Object.entries(object.metadata)
      .filter(([, value]) => Buffer.byteLength(value) > 256)
      .map(([name]) => ({ what: 'metadata', name })),
  ]
}

/**
 * @param object - an object as it lies at the source: `sizeBytes`, `partSizes` (null: a single PUT), `metadata`, `tags`, `storageClass`, `websiteRedirect`
 * @returns the expectation for each destination
 */
export function expectationsFor(object) {
  const source = sourceLeg(object)
  const multipart = source.layoutKnown && object.partSizes !== null
  const common = {
    verdict: 'verified',
    assurance: source.assurance,
    sourceMethod: source.method,
    // an own layout may be single or multipart: then either ETag method decides, by the route that was taken
    destinationMethod: source.layoutKnown ? (multipart ? 'etag-multipart' : 'etag-md5') : 'by-route',
    route: source.layoutKnown ? (multipart ? 'multipart' : 'single') : null,
    etagEqual: source.layoutKnown,
    // a layout that is not among the likeliest is looked for over a second read (docs/decisions/candidates-over-two-reads.md)
    attemptsAtMost: source.method === 'second-read' || (multipart && isFirstRanked(object) !== true) ? 2 : 1,
  }
  return {
    rgw: { ...common, notCarried: [] },
    swift: { ...common, notCarried: notCarriedAtSwift(object) },
    // RGW again, with less memory than the object has bytes; null where nothing is to be expected of it
    littleMemory: multipart && isFirstRanked(object) !== null ? { ...common, ...littleMemory(object), notCarried: [] } : null,
  }
}

import { type ChecksumAlgorithm, type ChecksumType, DIGEST_BYTES, HASH_ALGORITHMS, type HashAlgorithm } from '../checksum/algorithm.ts'
import { invalidOption } from '../errors.ts'
import { decodeHeaderText, encodeHeaderText, plainHeader } from '../header-text.ts'
import type {
  ObjectLockState,
  ObjectMetadata,
  ObjectStat,
  ObjectTag,
  StoredChecksum,
  WriteChecks,
  WriteConditions,
  WriteReceipt,
} from '../ports/object-store.ts'
import type { EncryptionKind } from '../ports/provider-profile.ts'
import type { WireHeaders } from './data-transport.ts'
import { encryptionFromHeaders } from './reply-encryption.ts'
import { isFromCache } from './reply-from-cache.ts'

const USER_PREFIX = 'x-amz-meta-'
const CHECKSUM_PREFIX = 'x-amz-checksum-'
const CHECKSUM_HEADERS = HASH_ALGORITHMS.map((algorithm) => [algorithm, `${CHECKSUM_PREFIX}${algorithm}`] as const)

/** Metadata fields and their headers. */
const SYSTEM_HEADERS = {
  contentType: 'content-type',
  cacheControl: 'cache-control',
  contentDisposition: 'content-disposition',
  contentEncoding: 'content-encoding',
  contentLanguage: 'content-language',
  expires: 'expires',
  websiteRedirect: 'x-amz-website-redirect-location',
  storageClass: 'x-amz-storage-class',
  kmsKeyId: 'x-amz-server-side-encryption-aws-kms-key-id',
} as const satisfies Record<Exclude<keyof ObjectMetadata, 'user'>, string>
const SYSTEM_FIELDS = Object.entries(SYSTEM_HEADERS) as [keyof typeof SYSTEM_HEADERS, string][]

/**
 * The fields of a GET's or HEAD's reply.
 * @param asked - the encryption that the location's options name
 */
export function statFromHeaders(headers: WireHeaders, status: number, asked: EncryptionKind = 'none'): ObjectStat {
  return {
    etag: etagFromHeaders(headers),
    sizeBytes: objectSize(headers, status),
    lastModified: dateOf(headers['last-modified']),
    versionId: versionOf(headers),
    // a partial reply may carry the checksum of the part that it holds
    checksums: checksumsFromHeaders(headers).filter((checksum) => status !== 206 || !checksum.header.startsWith(CHECKSUM_PREFIX)),
    ...encryptionOf(headers, asked),
    metadata: metadataFromHeaders(headers),
    tagCount: countOf(headers['x-amz-tagging-count']),
    partsCount: countOf(headers['x-amz-mp-parts-count']),
    lock: lockFromHeaders(headers),
    fromCache: isFromCache(headers),
    serverDate: dateOf(headers['date']),
    requestId: requestIdFromHeaders(headers),
  }
}

/** The fields of a write's reply; of Complete's with the ETag of its body. */
export function receiptFromHeaders(headers: WireHeaders, attempts: number, etagInBody?: string | undefined, asked: EncryptionKind = 'none'): WriteReceipt {
  return {
    etag: etagFromHeaders(headers) ?? (etagInBody === undefined || etagInBody === '' || etagInBody === '""' ? null : etagInBody),
    versionId: versionOf(headers),
    checksums: checksumsFromHeaders(headers),
    ...encryptionOf(headers, asked),
    serverDate: dateOf(headers['date']),
    requestId: requestIdFromHeaders(headers),
    attempts,
  }
}

/** What the reply shows; where it shows none, what the location asks for: its ETag is then no digest either, for all that is known. */
function encryptionOf(headers: WireHeaders, asked: EncryptionKind): Pick<ObjectStat, 'encryption' | 'encryptionShown'> {
  const shown = encryptionFromHeaders(headers)
  return shown === 'none' && asked !== 'none' ? { encryption: asked, encryptionShown: false } : { encryption: shown }
}

export function metadataFromHeaders(headers: WireHeaders): ObjectMetadata {
  const metadata: { -readonly [K in keyof typeof SYSTEM_HEADERS]?: string } = {}
  for (const [field, header] of SYSTEM_FIELDS) {
    const raw = headers[header]
    const value = field === 'contentEncoding' ? withoutAwsChunked(raw) : raw
    if (value !== undefined && value !== '') metadata[field] = decodeHeaderText(value)
  }
  const user: Record<string, string> = {}
  for (const name of Object.keys(headers)) {
    if (name.startsWith(USER_PREFIX)) setOwn(user, name.slice(USER_PREFIX.length), decodeHeaderText(headers[name] ?? ''))
  }
  return { ...metadata, user }
}

export function metadataToHeaders(metadata: ObjectMetadata): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [field, header] of SYSTEM_FIELDS) {
    const value = metadata[field]
    if (value !== undefined) headers[header] = encodeHeaderText(value)
  }
  for (const [name, value] of Object.entries(metadata.user)) headers[headerName(`metadata.user.${name}`, `${USER_PREFIX}${name}`)] = encodeHeaderText(value)
  return headers
}

function tagsToHeader(tags: readonly ObjectTag[]): string {
  return tags.map(({ key, value }) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join('&')
}

/** Metadata, tags, grants and lock of a PUT or CreateMultipartUpload. */
export function objectStateHeaders(options: {
  readonly metadata: ObjectMetadata
  readonly tags?: readonly ObjectTag[] | undefined
  readonly grants?: Readonly<Record<string, string>> | undefined
  readonly lock?: ObjectLockState | undefined
}): Record<string, string> {
  const headers = metadataToHeaders(options.metadata)
  if (options.tags !== undefined && options.tags.length > 0) headers['x-amz-tagging'] = tagsToHeader(options.tags)
  for (const [name, value] of Object.entries(options.grants ?? {})) headers[headerName('grants', name)] = plainHeader(`grants.${name}`, value)
  if (options.lock !== undefined) {
    if (options.lock.mode !== null) headers['x-amz-object-lock-mode'] = options.lock.mode
    if (options.lock.retainUntil !== null) headers['x-amz-object-lock-retain-until-date'] = plainHeader('lock.retainUntil', options.lock.retainUntil)
    if (options.lock.legalHold) headers['x-amz-object-lock-legal-hold'] = 'ON'
  }
  return headers
}

export function checkHeaders(checks: WriteChecks): Record<string, string> {
  const headers: Record<string, string> = {}
  if (checks.contentMd5 !== undefined) headers['content-md5'] = base64(checks.contentMd5)
  for (const { algorithm, digest } of checks.checksums ?? []) headers[`${CHECKSUM_PREFIX}${algorithm}`] = base64(digest)
  return headers
}

export function conditionHeaders(conditions: WriteConditions): Record<string, string> {
  return {
    ...(conditions.ifNoneMatch === undefined ? {} : { 'if-none-match': conditions.ifNoneMatch }),
    ...(conditions.ifMatch === undefined ? {} : { 'if-match': plainHeader('ifMatch', conditions.ifMatch) }),
  }
}

/** `x-amz-checksum-algorithm` as CreateMultipartUpload wants it. */
export function announcedChecksumHeaders(checksum: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType } | undefined): Record<string, string> {
  if (checksum === undefined) return {}
  return { 'x-amz-checksum-algorithm': checksum.algorithm.toUpperCase(), 'x-amz-checksum-type': checksum.type }
}

/** The whole object's checksum as CompleteMultipartUpload wants it. */
export function completeChecksumHeaders(
  checksum: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType; readonly value: string } | undefined,
): Record<string, string> {
  if (checksum === undefined) return {}
  const value = checksum.type === 'COMPOSITE' ? checksum.value : Buffer.from(checksum.value, 'hex').toString('base64')
  return { [`${CHECKSUM_PREFIX}${checksum.algorithm}`]: value, 'x-amz-checksum-type': checksum.type }
}

/** Every checksum that a reply carries; values that do not have the algorithm's length are left out. */
export function checksumsFromHeaders(headers: WireHeaders): StoredChecksum[] {
  const found: StoredChecksum[] = []
  const declared = headers['x-amz-checksum-type']
  for (const [algorithm, header] of CHECKSUM_HEADERS) {
    const raw = headers[header]
    if (raw === undefined) continue
    const [, encoded = '', parts] = /^([A-Za-z0-9+/]+={0,2})(-\d+)?$/.exec(raw) ?? []
    const digest = Buffer.from(encoded, 'base64')
    if (digest.byteLength !== DIGEST_BYTES[algorithm]) continue
    if (parts !== undefined) found.push({ algorithm, type: 'COMPOSITE', value: raw, header })
    // COMPOSITE without a part count cannot be compared with anything
    else if (declared !== 'COMPOSITE') found.push({ algorithm, type: 'FULL_OBJECT', value: digest.toString('hex'), header })
  }
  for (const item of headers['x-goog-hash']?.split(',') ?? []) {
    const [, name, encoded] = /^\s*(crc32c|md5)=([A-Za-z0-9+/]+={0,2})\s*$/.exec(item) ?? []
    pushFull(found, name as HashAlgorithm | undefined, Buffer.from(encoded ?? '', 'base64'), 'x-goog-hash')
  }
  for (const header of ['x-oss-hash-crc64ecma', 'x-cos-hash-crc64ecma']) {
    const raw = headers[header]
    if (raw === undefined || !/^\d{1,20}$/.test(raw)) continue
    const digest = Buffer.alloc(8)
    if (BigInt(raw) < 1n << 64n) digest.writeBigUInt64BE(BigInt(raw))
    else continue
    pushFull(found, 'crc64ecma', digest, header)
  }
  return found
}

export function requestIdFromHeaders(headers: WireHeaders): string | null {
  return headers['x-amz-request-id'] ?? headers['x-trans-id'] ?? null
}

/** The text of an HTTP date; servers that write other dates (moto) are understood too. */
export function dateOf(value: string | undefined): Date | null {
  if (value === undefined) return null
  let timeMs = parsedDates.get(value)
  if (timeMs === undefined) {
    timeMs = Date.parse(value)
    if (parsedDates.size >= MAX_PARSED_DATES) parsedDates.clear()
    if (value.length <= MAX_DATE_LENGTH) parsedDates.set(value, timeMs)
  }
  return Number.isNaN(timeMs) ? null : new Date(timeMs)
}

/** Replies of one second have the same `Date`, and parsing it takes as long as ten look-ups. */
const parsedDates = new Map<string, number>()
const MAX_PARSED_DATES = 64
const MAX_DATE_LENGTH = 40

export interface ContentRange {
  readonly start: number
  readonly endInclusive: number
  /** null: `*` */
  readonly sizeBytes: number | null
}

/** null for anything that is not `bytes a-b/size` with a ≤ b < size. */
export function parseContentRange(value: string | undefined): ContentRange | null {
  const [, start, end, size] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(value?.trim() ?? '') ?? []
  if (start === undefined || end === undefined || size === undefined) return null
  const range = { start: Number(start), endInclusive: Number(end), sizeBytes: size === '*' ? null : Number(size) }
  if (!Number.isSafeInteger(range.endInclusive) || range.start > range.endInclusive) return null
  if (range.sizeBytes !== null && (!Number.isSafeInteger(range.sizeBytes) || range.endInclusive >= range.sizeBytes)) return null
  return range
}

export function contentLength(headers: WireHeaders): number | null {
  return countOf(headers['content-length'])
}

function etagFromHeaders(headers: WireHeaders): string | null {
  const etag = headers['etag']
  return etag === undefined || etag === '' || etag === '""' ? null : etag
}

/** Some servers say `null` for an object written without versioning: it names no version. */
function versionOf(headers: WireHeaders): string | null {
  const version = headers['x-amz-version-id']
  return version === undefined || version === '' ? null : version
}

function objectSize(headers: WireHeaders, status: number): number | null {
  if (status === 206) return parseContentRange(headers['content-range'])?.sizeBytes ?? null
  return contentLength(headers)
}

function lockFromHeaders(headers: WireHeaders): ObjectLockState | null {
  const mode = headers['x-amz-object-lock-mode']
  const retainUntil = headers['x-amz-object-lock-retain-until-date']
  const hold = headers['x-amz-object-lock-legal-hold']
  if (mode === undefined && retainUntil === undefined && hold === undefined) return null
  return { mode: mode === 'GOVERNANCE' || mode === 'COMPLIANCE' ? mode : null, retainUntil: retainUntil ?? null, legalHold: hold === 'ON' }
}

function withoutAwsChunked(value: string | undefined): string | undefined {
  return value
    ?.split(',')
    .map((token) => token.trim())
    .filter((token) => token !== '' && token.toLowerCase() !== 'aws-chunked')
    .join(',')
}

function countOf(value: string | undefined): number | null {
  if (value === undefined || !/^\d+$/.test(value)) return null
  const count = Number(value)
  return Number.isSafeInteger(count) ? count : null
}

function pushFull(found: StoredChecksum[], algorithm: HashAlgorithm | undefined, digest: Buffer, header: string): void {
  if (algorithm === undefined || digest.byteLength !== DIGEST_BYTES[algorithm]) return
  found.push({ algorithm, type: 'FULL_OBJECT', value: digest.toString('hex'), header })
}

/** A field name of RFC 9110: nothing that could start another header. */
function headerName(option: string, name: string): string {
  const lower = name.toLowerCase()
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(lower)) throw invalidOption(option, name, 'a header name (letters, digits, and - _ . ~ and the like)')
  return lower
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/** `__proto__` is a name like any other. */
function setOwn(target: Record<string, string>, name: string, value: string): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
}

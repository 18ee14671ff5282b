// The objects of the real-client matrix, as data: which client uploads what, in which parts, under which key, with which headers.

const MiB = 1_048_576

export type ClientName = 'aws-cli' | 'rclone' | 's3cmd' | 'boto3'

export interface PlannedObject {
  readonly name: string
  readonly key: string
  readonly client: ClientName
  readonly sizeBytes: number
  /** null: a single PUT, whatever the size */
  readonly partSizeBytes: number | null
  /** a layout written out; null: parts of `partSizeBytes` */
  readonly partSizes: readonly number[] | null
  /** the bytes are real gzip data */
  readonly gzip: boolean
  /** by the SDK's names, with a small first letter */
  readonly headers: Readonly<Record<string, string>>
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: readonly { readonly key: string; readonly value: string }[]
  readonly storageClass: string
  readonly websiteRedirect: string | null
  /** the one destination that it is copied to, where a second one would say nothing new; null: to each */
  readonly onlyTo: 'rgw' | 'swift' | null
}

/** What an object does not say is left at its default. */
type ObjectSpec = Pick<PlannedObject, 'name' | 'key' | 'client' | 'sizeBytes'> & Partial<PlannedObject>

/** One part exactly, one byte less and more; two parts exactly, one byte less and more. */
const BOUNDARIES: readonly (readonly [what: string, size: (partSizeBytes: number) => number])[] = [
  ['one part less a byte', (part) => part - 1],
  ['one part', (part) => part],
  ['one part and a byte', (part) => part + 1],
  ['two parts less a byte', (part) => 2 * part - 1],
  ['two parts', (part) => 2 * part],
  ['two parts and a byte', (part) => 2 * part + 1],
]

/** The same with two of the six left out, where parts are big. */
const FEWER_BOUNDARIES = BOUNDARIES.filter(([what]) => what !== 'two parts' && what !== 'two parts less a byte')

/**
 * @returns the sizes around one and two parts of `partSizeBytes`, uploaded by `client` with parts of that size. The source's leg is the same whatever
 * the destination: all of them go to Swift with the smallest parts, and one object with each other part size.
 */
function boundaries(client: ClientName, partSizeBytes: number): ObjectSpec[] {
  return (partSizeBytes < 10 * MiB ? BOUNDARIES : FEWER_BOUNDARIES).map(([what, size]) => ({
    name: `${client}, parts of ${partSizeBytes / MiB} MiB: ${what}`,
    key: `boundary/${client}/${partSizeBytes}/${what.replaceAll(' ', '-')}`,
    client,
    sizeBytes: size(partSizeBytes),
    partSizeBytes,
    onlyTo: partSizeBytes === 5 * MiB || what === 'one part and a byte' ? null : 'rgw',
  }))
}

const SIZES: readonly ObjectSpec[] = [
  ...boundaries('boto3', 5 * MiB),
  ...boundaries('rclone', 7 * MiB),
  ...boundaries('aws-cli', 8 * MiB),
  ...boundaries('s3cmd', 15 * MiB),
  ...boundaries('boto3', 16 * MiB),
  // each client once more with another of the five part sizes
  { name: 'rclone, parts of 5 MiB', key: 'size/rclone-5', client: 'rclone', sizeBytes: 11 * MiB + 17, partSizeBytes: 5 * MiB },
  { name: 's3cmd, parts of 5 MiB', key: 'size/s3cmd-5', client: 's3cmd', sizeBytes: 12 * MiB + 3, partSizeBytes: 5 * MiB },
  { name: 's3cmd, parts of 7 MiB', key: 'size/s3cmd-7', client: 's3cmd', sizeBytes: 15 * MiB, partSizeBytes: 7 * MiB },
  { name: 'aws-cli, parts of 15 MiB', key: 'size/aws-cli-15', client: 'aws-cli', sizeBytes: 17 * MiB, partSizeBytes: 15 * MiB },
  { name: 'aws-cli, parts of 16 MiB', key: 'size/aws-cli-16', client: 'aws-cli', sizeBytes: 17 * MiB + 1, partSizeBytes: 16 * MiB },
  { name: 'rclone, parts of 8 MiB', key: 'size/rclone-8', client: 'rclone', sizeBytes: 17 * MiB, partSizeBytes: 8 * MiB },
  { name: 'boto3, parts of 7 MiB', key: 'size/boto3-7', client: 'boto3', sizeBytes: 20 * MiB, partSizeBytes: 7 * MiB },
  // small ones, by every client
  ...(['aws-cli', 'rclone', 's3cmd', 'boto3'] as const).flatMap((client) =>
    [0, 1].map((sizeBytes) => ({ name: `${client}, ${sizeBytes} bytes`, key: `small/${client}-${sizeBytes}`, client, sizeBytes, partSizeBytes: null })),
  ),
  { name: 'aws-cli, 20 MiB in a single PUT', key: 'size/single-20', client: 'aws-cli', sizeBytes: 20 * MiB, partSizeBytes: null },
]

const ODD: readonly ObjectSpec[] = [
  { name: 'boto3, parts of 6,000,000 bytes', key: 'odd/6000000', client: 'boto3', sizeBytes: 13_000_001, partSizeBytes: 6_000_000 },
  { name: 'boto3, parts of 17,179,870 bytes (the console of AWS)', key: 'odd/17179870', client: 'boto3', sizeBytes: 18_000_000, partSizeBytes: 17_179_870 },
  // layouts that no search comes to: each copy costs 2 GiB of MD5, so that each goes to one destination, and each destination gets two
  { name: 'boto3, parts of 5 MiB and a byte', key: 'odd/5242881', client: 'boto3', sizeBytes: 11_000_000, partSizeBytes: 5 * MiB + 1, onlyTo: 'swift' },
  {
    name: 'boto3, unequal parts of 7, 5 and 6 MiB',
    key: 'odd/unequal',
    client: 'boto3',
    sizeBytes: 18 * MiB,
    partSizes: [7 * MiB, 5 * MiB, 6 * MiB],
    onlyTo: 'swift',
  },
  {
    name: 'boto3, a growing layout of 5, 5 and 6 MiB',
    key: 'odd/growing',
    client: 'boto3',
    sizeBytes: 16 * MiB,
    partSizes: [5 * MiB, 5 * MiB, 6 * MiB],
    onlyTo: 'rgw',
  },
  // rclone writes a size with three decimals and reads it back: 6.240 MiB is what becomes of 6,543,211 bytes
  {
    name: 'rclone, parts of 6.24 MiB and its md5chksum',
    key: 'odd/rclone-6543114',
    client: 'rclone',
    sizeBytes: 14_000_001,
    partSizeBytes: 6_543_114,
    onlyTo: 'rgw',
  },
  { name: 'boto3, one part of 3 bytes', key: 'odd/one-part-3', client: 'boto3', sizeBytes: 3, partSizes: [3] },
  { name: 'boto3, one empty part', key: 'odd/one-part-0', client: 'boto3', sizeBytes: 0, partSizes: [0] },
]

/** A key of 1,024 bytes of UTF-8 that is not 1,024 characters. */
const LONGEST_KEY = `long/${'é'.repeat(300)}${'x'.repeat(1024 - 5 - 600)}`

// boto3 takes any key; the others where their command line lets it through
const NASTY_KEYS: readonly (readonly [client: ClientName, what: string, key: string])[] = [
  ['boto3', 'a double slash', 'nasty//double'],
  ['boto3', 'three slashes in a row', 'nasty///x'],
  ['boto3', 'a leading slash', '/nasty-lead'],
  ['boto3', 'two leading slashes', '//nasty-lead'],
  ['boto3', 'a trailing slash, with bytes', 'nasty/trail/'],
  ['boto3', 'a dot segment', 'nasty/./x'],
  ['boto3', 'a leading dot segment', './nasty'],
  ['boto3', 'a trailing dot segment', 'nasty/dot/.'],
  ['boto3', 'a parent segment', 'nasty/../x'],
  ['boto3', 'leading parent segments', '../../nasty'],
  ['boto3', 'a trailing parent segment', 'nasty/up/..'],
  ['boto3', 'nothing but a dot', '.'],
  ['boto3', 'nothing but two dots', '..'],
  ['boto3', 'an escaped parent segment', 'nasty/%2e%2e/x'],
  ['boto3', 'an escaped slash', 'nasty%2Fslash'],
  ['boto3', 'an escape that is none', 'nasty/100%/%zz/%'],
  ['boto3', 'a doubly escaped space', 'nasty/a%2520b'],
  ['boto3', 'a plus', 'nasty/a+b'],
  ['boto3', 'a space', 'nasty/a b'],
  ['boto3', 'spaces at both ends', ' nasty/ends '],
  ['boto3', 'query characters', 'nasty/a?b=c&d=e;f'],
  ['boto3', 'a question mark alone', 'nasty/?'],
  ['boto3', 'the name of a sub-resource', 'nasty?uploads'],
  ['boto3', 'a fragment', 'nasty/a#b'],
  ['boto3', 'quotes', 'nasty/\'single\' "double" `back`'],
  ['boto3', 'a backslash', 'nasty\\back\\..\\slash'],
  ['boto3', 'XML characters', 'nasty/<a>&amp;</a>]]>'],
  ['boto3', 'other ASCII signs', 'nasty/!$*()=@:,~^|{}[]-_.'],
  ['boto3', 'a tab', 'nasty/a\tb'],
  ['boto3', 'a line feed', 'nasty/a\nb'],
  ['boto3', 'a carriage return', 'nasty/a\r\nb'],
  ['boto3', 'U+0001', 'nasty/a\u0001b'],
  ['boto3', 'U+001F', 'nasty/a\u001fb'],
  ['boto3', 'U+007F', 'nasty/a\u007fb'],
  ['boto3', 'a C1 control', 'nasty/a\u0085b'],
  ['boto3', 'an emoji with joiners', 'nasty/👩‍👩‍👧‍👦'],
  ['boto3', 'a combining mark', 'nasty/e\u0301'],
  ['boto3', 'the same letter composed', 'nasty/\u00e9'],
  ['boto3', 'right to left', 'nasty/\u202eabc/שלום'],
  ['boto3', 'a zero-width space and a no-break space', 'nasty/a\u200bb\u00a0c'],
  ['boto3', 'a line separator', 'nasty/a\u2028b'],
  ['boto3', 'a byte order mark', '\ufeffnasty'],
  ['boto3', 'the last code point of the BMP and one beyond', 'nasty/\uffee\u{10fffd}'],
  ['boto3', '1,024 bytes', LONGEST_KEY],
  ['boto3', 'upper and lower case, upper', 'nasty/CASE'],
  ['boto3', 'upper and lower case, lower', 'nasty/case'],
  ['aws-cli', 'a parent segment', 'nasty/aws/../x'],
  ['aws-cli', 'a double slash and escapes', 'nasty/aws//a+b%2Bc ?#&'],
  ['aws-cli', 'an emoji', 'nasty/aws/😀/日本語'],
  ['rclone', 'signs and spaces', 'nasty/rclone/a+b c%20d?e#f&g'],
  ['rclone', 'an emoji', 'nasty/rclone/😀/日本語'],
  ['rclone', 'quotes and a backslash', 'nasty/rclone/\'"\\'],
  ['s3cmd', 'signs and spaces', 'nasty/s3cmd/a+b c%20d&g'],
  ['s3cmd', 'an emoji', 'nasty/s3cmd/😀/日本語'],
]

const NASTY: readonly ObjectSpec[] = NASTY_KEYS.map(([client, what, key], index) => ({
  name: `${client}, key with ${what}`,
  key,
  client,
  sizeBytes: 60 + index,
  partSizeBytes: null,
}))

// a key, the same key as a folder, and the folder's own marker
const FOLDERS: readonly ObjectSpec[] = [
  { name: 'boto3, a key that is also a folder', key: 'folder', client: 'boto3', sizeBytes: 7, partSizeBytes: null },
  { name: 'boto3, a key inside it', key: 'folder/file', client: 'boto3', sizeBytes: 8, partSizeBytes: null },
  { name: 'boto3, the marker of the folder', key: 'folder/', client: 'boto3', sizeBytes: 0, partSizeBytes: null },
]

const HEADERS = {
  contentType: 'text/plain; charset=utf-8',
  cacheControl: 'public, max-age=3600, immutable',
  contentDisposition: 'attachment; filename="a b.txt"; filename*=UTF-8\'\'sm%C3%B8r.txt',
  contentEncoding: 'gzip',
  contentLanguage: 'da, en-GB',
  expires: 'Wed, 21 Oct 2037 07:28:00 GMT',
}
// not gzip: the parts are random bytes
const { contentEncoding: _gzip, ...MULTIPART_HEADERS } = HEADERS
const METADATA = { plain: 'value', 'with-dash': 'a, b; c="d"', under_score: 'was an underscore', rfc2047: '=?UTF-8?B?c23DuHJyZWJyw7hk?=', empty: '' }
const TAGS = [
  { key: 'project', value: 'sealift' },
  { key: 'a tag+with:signs', value: 'x=y/z@ø' },
]

const CARRIED: readonly ObjectSpec[] = [
  { name: 'boto3, all headers and metadata', key: 'carry/boto3-all', client: 'boto3', sizeBytes: 900, gzip: true, headers: HEADERS, metadata: METADATA },
  {
    name: 'boto3, all headers, metadata and tags on a multipart upload',
    key: 'carry/boto3-multipart',
    client: 'boto3',
    sizeBytes: 6 * MiB,
    partSizeBytes: 5 * MiB,
    headers: MULTIPART_HEADERS,
    metadata: METADATA,
    tags: TAGS,
  },
  {
    name: 'aws-cli, all headers and metadata',
    key: 'carry/aws-cli-all',
    client: 'aws-cli',
    sizeBytes: 901,
    gzip: true,
    headers: HEADERS,
    metadata: { plain: 'value', rfc2047: METADATA.rfc2047 },
  },
  {
    name: 's3cmd, headers',
    key: 'carry/s3cmd',
    client: 's3cmd',
    sizeBytes: 902,
    headers: { contentType: 'application/x-thing', cacheControl: 'no-store', contentLanguage: 'da' },
    metadata: { plain: 'value' },
  },
  {
    name: 'rclone, headers',
    key: 'carry/rclone',
    client: 'rclone',
    sizeBytes: 903,
    headers: { contentType: 'application/x-thing', cacheControl: 'no-store', contentDisposition: 'inline', contentLanguage: 'da' },
    metadata: { plain: 'value' },
  },
  { name: 'boto3, tags', key: 'carry/tags', client: 'boto3', sizeBytes: 904, tags: TAGS },
  {
    name: 'boto3, ten tags',
    key: 'carry/ten-tags',
    client: 'boto3',
    sizeBytes: 905,
    tags: Array.from({ length: 10 }, (_, n) => ({ key: `tag-${n}`, value: String(n) })),
  },
  { name: 'boto3, storage class STANDARD_IA', key: 'carry/ia', client: 'boto3', sizeBytes: 906, storageClass: 'STANDARD_IA' },
  {
    name: 'boto3, STANDARD_IA on a multipart upload',
    key: 'carry/ia-multipart',
    client: 'boto3',
    sizeBytes: 5 * MiB + 9,
    partSizeBytes: 5 * MiB,
    storageClass: 'STANDARD_IA',
  },
  { name: 'boto3, a website redirect', key: 'carry/redirect', client: 'boto3', sizeBytes: 0, websiteRedirect: '/elsewhere/index.html' },
  { name: 'boto3, a metadata value of 256 bytes', key: 'carry/value-256', client: 'boto3', sizeBytes: 907, metadata: { long: 'v'.repeat(256) } },
  {
    name: 'boto3, metadata values of 257 and 1,200 bytes',
    key: 'carry/value-long',
    client: 'boto3',
    sizeBytes: 908,
    metadata: { just: 'v'.repeat(257), far: 'w'.repeat(1200), fits: 'x' },
  },
]

/** Every object of the matrix. */
export const OBJECT_PLAN: readonly PlannedObject[] = [...SIZES, ...ODD, ...NASTY, ...FOLDERS, ...CARRIED].map((object) => ({
  partSizeBytes: null,
  partSizes: null,
  gzip: false,
  headers: {},
  metadata: {},
  tags: [],
  storageClass: 'STANDARD',
  websiteRedirect: null,
  onlyTo: null,
  ...object,
}))

import { awsProfile } from '@sealift/provider-detect'
import { type CopyGround, MIB } from './copy-ground.ts'

/** A call that must be refused before a byte goes anywhere. */
export interface BadOption {
  readonly name: string
  /** the options of `migrateObject` as they are given, right ones to start from */
  readonly options: (good: Record<string, unknown>, ground: CopyGround) => unknown
  /** path of the option that the error names */
  readonly option: string
  /** what the message shows of the value */
  readonly shows: string
  /** what the message says was expected */
  readonly expects: string
}

type Place = 'source' | 'destination'

const inside = (place: Place, change: Record<string, unknown>): BadOption['options'] => {
  return (good) => ({ ...good, [place]: { ...(good[place] as object), ...change } })
}
const set =
  (change: Record<string, unknown>): BadOption['options'] =>
  (good) => ({ ...good, ...change })

const value = (option: string, given: unknown, shows: string, expects: string): BadOption => ({
  name: `${option}: ${shows}`,
  options: set({ [option]: given }),
  option,
  shows,
  expects,
})

const nested = (outer: string, name: string, given: unknown, shows: string, expects: string): BadOption => ({
  name: `${outer}.${name}: ${shows}`,
  options: set({ [outer]: { [name]: given } }),
  option: `${outer}.${name}`,
  shows,
  expects,
})

const at = (place: Place, name: string, given: unknown, shows: string, expects: string): BadOption => ({
  name: `${place}.${name}: ${shows}`,
  options: inside(place, { [name]: given }),
  option: `${place}.${name}`,
  shows,
  expects,
})

const LONE_HIGH = 'photo-\ud83d.jpg'
const LONE_LOW = '\ude00'

/** Data: what is wrong, and what the error has to say of it. */
export const BAD_OPTIONS: readonly BadOption[] = [
  { name: 'no options', options: () => undefined, option: 'options', shows: 'undefined', expects: 'an object' },
  { name: 'options null', options: () => null, option: 'options', shows: 'null', expects: 'an object' },
  { name: 'options a string', options: () => 'copy it', option: 'options', shows: '"copy it"', expects: 'an object' },
  { name: 'options an array', options: () => [], option: 'options', shows: 'an array of 0', expects: 'an object' },
  value('source', undefined, 'undefined', 'an object'),
  value('source', 's3://from/key', '"s3://from/key"', 'an object'),
  value('destination', undefined, 'undefined', 'an object'),
  value('destination', null, 'null', 'an object'),

  at('source', 'client', undefined, 'undefined', 'an S3Client'),
  at('source', 'client', { send: true }, 'an object', 'an S3Client'),
  at('destination', 'client', 'http://127.0.0.1:9000', '"http://127.0.0.1:9000"', 'an S3Client'),

  at('source', 'bucket', undefined, 'undefined', 'a bucket name'),
  at('source', 'bucket', '', '""', '1 to 255 characters'),
  at('source', 'bucket', 7, '7', 'a bucket name'),
  at('destination', 'bucket', 'b'.repeat(256), 'bbbb', '1 to 255 characters'),
  at('destination', 'bucket', 'to/prefix', '"to/prefix"', 'without spaces and slashes'),
  at('destination', 'bucket', 'to ', '"to "', 'without spaces'),

  at('source', 'key', undefined, 'undefined', '1 to 1024 bytes'),
  at('source', 'key', '', '""', '1 to 1024 bytes'),
  at('source', 'key', ['a'], 'an array of 1', '1 to 1024 bytes'),
  at('source', 'key', 'k'.repeat(1025), '1025 bytes', 'at most 1024 bytes'),
  // 342 characters, but 1,026 bytes of UTF-8
  at('source', 'key', '€'.repeat(342), '1026 bytes', 'at most 1024 bytes'),
  at('source', 'key', LONE_HIGH, '\\ud83d', 'lone surrogates'),
  at('destination', 'key', LONE_LOW, '\\ude00', 'lone surrogates'),
  at('destination', 'key', '', '""', '1 to 1024 bytes'),
  at('destination', 'key', 'k'.repeat(2000), '2000 bytes', 'at most 1024 bytes'),
  at('source', 'versionId', '', '""', '1 to 1024 characters'),
  at('source', 'versionId', 12, '12', '1 to 1024 characters'),
  at('source', 'expectedBucketOwner', '', '""', '1 to 64 characters'),
  at('destination', 'requestPayer', 'me', '"me"', "'requester'"),

  // not shown: it may be a key
  at('source', 'sse', 'AES256', 'something else', "'sse-c'"),
  { ...at('destination', 'sse', { kind: 'AES256' }, '"AES256"', "'sse-c'"), option: 'destination.sse.kind' },
  { ...at('destination', 'sse', { kind: 'sse-c', key: new Uint8Array(16) }, '16 bytes', '32 bytes'), option: 'destination.sse.key' },
  { ...at('source', 'sse', { kind: 'sse-c', key: 'c2VjcmV0' }, 'string', '32 bytes'), option: 'source.sse.key' },
  { ...at('destination', 'sse', { kind: 'sse-kms', keyIds: ['a'] }, 'an array of 1', "the source's KMS key ids"), option: 'destination.sse.keyIds' },
  { ...at('destination', 'sse', { kind: 'sse-kms', keyIds: { a: '' } }, '""', '1 to 2048 characters'), option: 'destination.sse.keyIds.a' },
  { ...at('destination', 'sse', { kind: 'sse-kms', keyIds: { a: 1 } }, '1', '1 to 2048 characters'), option: 'destination.sse.keyIds.a' },
  { ...at('source', 'sse', { kind: 'sse-kms', keyIds: { a: 'b' } }, 'a mapping', 'destination'), option: 'source.sse.keyIds' },
  { ...at('destination', 'sse', { kind: 'sse-kms', keyId: '' }, '""', '1 to 2048 characters'), option: 'destination.sse.keyId' },

  at('source', 'profile', 'aws', '"aws"', 'a plain object'),
  at('source', 'profile', null, 'null', 'a plain object'),
  {
    ...at('source', 'profile', { ...awsProfile, etag: { ...awsProfile.etag, single: true } }, 'true', 'one of yes, candidate, no'),
    name: 'source.profile: a claim that is a boolean',
    option: 'source.profile.etag.single',
  },
  {
    ...at('destination', 'profile', { ...awsProfile, limits: { ...awsProfile.limits, maxParts: 0 } }, '0', 'a whole number from 1'),
    name: 'destination.profile: no parts',
    option: 'destination.profile.limits.maxParts',
  },
  {
    ...at('destination', 'profile', { ...awsProfile, read: awsProfile.reads }, 'an object', 'no such field'),
    name: 'destination.profile: a misspelt field',
    option: 'destination.profile.read',
  },

  value('hashes', 'md5', '"md5"', 'an array of md5'),
  value('hashes', [], 'an array of 0', 'an array of md5'),
  value('hashes', ['md5', 'md4'], '"md4"', 'sha256'),
  value('hashes', ['SHA256'], '"SHA256"', 'sha256'),
  value('hashes', [null], 'null', 'sha256'),
  value('detect', 'aws', '"aws"', 'a function'),
  value('store', {}, 'an object', 'a ResultStore'),
  value('store', 'audit.sqlite', '"audit.sqlite"', 'a ResultStore'),
  value('events', {}, 'an object', 'a SealiftEvents'),
  value('events', () => {}, 'a function', 'a SealiftEvents'),
  value('signal', { aborted: false }, 'an object', 'an AbortSignal'),
  value('signal', new AbortController(), 'an object (AbortController)', 'an AbortSignal'),
  value('taskId', '', '""', '1 to 255 characters'),
  value('taskId', 5, '5', '1 to 255 characters'),
  value('taskId', 't'.repeat(256), 'tttt', '1 to 255 characters'),

  value('verify', 'always', '"always"', 'an object'),
  nested('verify', 'readBack', 'yes', '"yes"', "'when-needed', 'always', 'never'"),
  nested('verify', 'readBack', true, 'true', "'when-needed', 'always', 'never'"),
  nested('verify', 'sourceEvidence', 'always', '"always"', "'if-available', 'required'"),
  nested('verify', 'secondRead', 'twice', '"twice"', "'when-needed', 'always', 'never'"),
  nested('verify', 'readback', 'always', 'given', 'no such option'),
  value('accept', 'verified', '"verified"', 'an array of'),
  value('accept', ['verified', 'ok'], '"ok"', 'unverified'),
  value('overwrite', 'no', '"no"', "'always', 'never', 'if-different'"),
  value('overwrite', false, 'false', "'always', 'never', 'if-different'"),
  value('onMismatch', 'remove', '"remove"', "'delete', 'keep'"),
  value('layout', 'same', '"same"', "'preserve', 'exact', 'own'"),
  value('serverSideCopy', 'yes', '"yes"', 'true or false'),
  value('carry', ['acl'], 'an array of 1', 'an object'),
  nested('carry', 'acl', 1, '1', 'true or false'),
  nested('carry', 'acls', true, 'given', 'no such option'),
  value('storageClasses', 'GLACIER', '"GLACIER"', 'an object of storage class names'),
  nested('storageClasses', 'GLACIER', 'a b', '"a b"', 'the name of a storage class'),
  value('transport', 'carrier pigeon', '"carrier pigeon"', "'auto', 'sdk'"),

  value('partSizeBytes', 5 * MIB - 1, '5242879', 'from 5242880 to 5368709120'),
  value('partSizeBytes', 5 * 1024 * MIB + 1, '5368709121', 'from 5242880 to 5368709120'),
  value('partSizeBytes', 6_000_000.5, '6000000.5', 'a whole number of bytes'),
  value('partSizeBytes', '16MiB', '"16MiB"', 'a whole number of bytes'),
  value('attempts', 0, '0', 'from 1 to 100'),
  value('attempts', 101, '101', 'from 1 to 100'),
  value('attempts', 3n, '3n', 'from 1 to 100'),
  value('timeoutMs', 0, '0', 'from 1 to 2147483647'),
  value('timeoutMs', -1, '-1', 'from 1 to 2147483647'),
  value('timeoutMs', 2 ** 31, '2147483648', 'from 1 to 2147483647'),
  value('timeoutMs', Number.POSITIVE_INFINITY, 'Infinity', 'a whole number of milliseconds'),
  value('idleTimeoutMs', 0, '0', 'from 1 to 2147483647'),
  value('idleTimeoutMs', '30s', '"30s"', 'a whole number of milliseconds'),
  value('settleMs', -1, '-1', 'from 0 to 2147483647'),
  value('settleMs', Number.NaN, 'NaN', 'a whole number of milliseconds'),
  value('bytesPerSecond', 0, '0', 'a whole number of bytes a second'),
  value('memoryBytes', 5 * MIB - 1, '5242879', 'from 5242880'),
  value('memoryBytes', null, 'null', 'a whole number of bytes'),

  value('overwite', 'never', 'given', 'no such option; the options are source'),
  value('partSize', 8 * MIB, 'given', 'no such option'),
  { ...value('Verify', {}, 'given', 'no such option'), name: 'an option in another case' },
  at('source', 'Bucket', 'from', 'given', 'no such option; the options are client'),
  at('destination', 'versionId', 'v1', 'given', 'no such option'),
  at('destination', 'prefix', 'p/', 'given', 'no such option'),

  {
    name: 'source and destination the same: one client',
    options: (good) => ({ ...good, destination: { ...(good.source as object) } }),
    option: 'destination',
    shows: '"from/key"',
    expects: 'another object than the source',
  },
  {
    name: 'source and destination the same: two clients of one endpoint',
    options: (good, ground) => ({ ...good, destination: { ...(good.source as object), client: ground.secondSourceClient() } }),
    option: 'destination',
    shows: '"from/key"',
    expects: 'another object than the source',
  },
]

/** Cases of `objectStoreConformance` that do not hold at a server, with the reason. Each is run and has to fail. */
type Exceptions = Readonly<Record<string, string>>

/** Ceph RGW 16.2.15, as it was met. */
export const CEPH_EXCEPTIONS: Exceptions = {
  'keeps an underscore in a metadata name': 'Ceph 16 makes a dash of it',
  'a delete with If-Match of another ETag is precondition-failed': 'Ceph 16 ignores the condition',
  'to complete an aborted upload is no-such-upload': 'Ceph 16 answers 500, that the completion is already in progress',
}

const NO_TAGS: Exceptions = {
  'keeps tags that are set afterwards': 'it has no object tags',
  'keeps tags of a put': 'it has no object tags',
}

/** OpenStack Swift 2.30.1 with s3api, as it was met. */
export const SWIFT_EXCEPTIONS: Exceptions = {
  ...NO_TAGS,
  'a put with If-None-Match writes once, and then is precondition-failed': 'Swift knows no conditional PUT',
  'a put with If-Match of another ETag is precondition-failed': 'Swift knows no conditional PUT',
  'lists 1,005 parts over its pages': 'Swift takes part numbers up to 1,000',
  'lists an upload whose key has control characters': 'Swift answers 500: its reply cannot hold the key, though the upload is made',
}

const MINIO_KEYS = 'MinIO refuses keys that are no file paths'

/** Our own server, by personality: the server that it plays decides. */
export const KIT_EXCEPTIONS: Readonly<Record<'aws' | 'minio' | 'r2' | 'ceph' | 'swift', Exceptions>> = {
  aws: {},
  minio: {
    'a key with a dot-dot segment goes through exactly': MINIO_KEYS,
    'a key with a dot segment goes through exactly': MINIO_KEYS,
    'a key with dots that lead out goes through exactly': MINIO_KEYS,
    'a key with two slashes goes through exactly': MINIO_KEYS,
    'a key with a leading slash goes through exactly': MINIO_KEYS,
    'keys that a URL parser would fold are objects of their own': MINIO_KEYS,
    'a key of 1024 bytes goes through exactly': 'MinIO takes 255 bytes between two slashes',
    'a delete with If-Match of another ETag is precondition-failed': 'MinIO ignores the condition',
  },
  r2: {
    ...NO_TAGS,
    'a delete with If-Match of another ETag is precondition-failed': 'R2 ignores the condition',
  },
  ceph: {
    'keeps an underscore in a metadata name': 'Ceph 16 makes a dash of it',
    'a delete with If-Match of another ETag is precondition-failed': 'Ceph 16 ignores the condition',
  },
  swift: {
    ...SWIFT_EXCEPTIONS,
    'a key of control characters goes through exactly': 'the personality answers 500, where the real Swift takes the key',
  },
}

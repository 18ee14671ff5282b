import type { Evidence, ObjectResult } from '@sealift/core'

const MD5 = '7265f4d211b56873a381d321f586e4a9'

/** What `migrateObject` gives for an object of 1 KB between two Ceph RGWs. */
export function sampleResult(taskId: string, key: string): ObjectResult {
  const end = { provider: 'ceph', bucket: 'b', key, versionId: null, etag: MD5, sizeBytes: 1024 }
  const match = (leg: Evidence['leg'], method: Evidence['method'], reason: string | null): Evidence => ({
    leg,
    method,
    algorithm: 'md5',
    type: 'FULL_OBJECT',
    expected: MD5,
    actual: MD5,
    outcome: 'match',
    reason,
    trust: 'profile',
  })
  return {
    taskId,
    source: { ...end, lastModified: '2026-11-21T02:18:04.000Z' },
    destination: { ...end, lastModified: null },
    digests: {
      md5: MD5,
      sha1: 'd5a3c9bd7e746c98b4aea0e9194fb9555b3c22ad',
      sha256: '49abd65bbf7f7e40c7055093ed2e3fd75f2f602f2c5fcf955c213e3135eb03f7',
      crc32: '48d7f063',
    },
    verdict: 'verified',
    assurance: 'end-to-end',
    evidence: [
      match('source', 'etag-md5', null),
      match('destination', 'etag-md5', null),
      match('destination', 'server-checked-write', 'the server refuses a body that does not fit'),
      { leg: 'both', method: 'size', algorithm: null, type: null, expected: '1024', actual: null, outcome: 'match', reason: 'implied', trust: 'self' },
    ],
    route: 'single',
    parts: { count: 1, sizeBytes: 1024, origin: 'single' },
    notCarried: [],
    orphans: [],
    attempts: 1,
    bytesRead: 1024,
    bytesWritten: 1024,
    requests: 2,
    startedAt: '2026-11-21T02:18:04.027Z',
    durationMs: 168,
  }
}

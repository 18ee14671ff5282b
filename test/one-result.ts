import type { ObjectResult } from '@sealift/core'

/** A verified copy of one object, for tests of result stores. */
export function oneResult(taskId: string, key: string): ObjectResult {
  const end = { provider: 'ceph', bucket: 'b', key, versionId: null, etag: 'e', sizeBytes: 3, lastModified: null }
  return {
    taskId,
    source: end,
    destination: end,
    digests: { md5: '900150983cd24fb0d6963f7d28e17f72' },
    verdict: 'verified',
    assurance: 'end-to-end',
    evidence: [],
    route: 'single',
    parts: { count: 1, sizeBytes: 3, origin: 'single' },
    notCarried: [],
    orphans: [],
    attempts: 1,
    bytesRead: 3,
    bytesWritten: 3,
    requests: 2,
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
  }
}

import { extendPersonality } from '../extend-personality.ts'
import type { Personality, PersonalityError } from '../personality.ts'
import { minio } from './minio.ts'

const NOT_IMPLEMENTED: PersonalityError = { status: 501, code: 'NotImplemented' }

/** Storj by its hosted gateway, an old fork of MinIO: no checksums, no trailers, no UploadPartCopy, listings in no order. Keys need not be file names. */
export const storj: Personality = extendPersonality(minio, {
  id: 'storj',
  signature: { trailers: { status: 411, code: 'MissingContentLength' } },
  checksums: { algorithms: [] },
  limits: { metadataBytes: 2048, maxCopyBytes: null },
  reads: { partNumber: 'ignored', partsCountHeader: false, attributes: NOT_IMPLEMENTED },
  conditionalWrites: { put: 'ignored', complete: 'ignored' },
  features: { acl: NOT_IMPLEMENTED, objectLock: NOT_IMPLEMENTED, sseKms: NOT_IMPLEMENTED, sseC: NOT_IMPLEMENTED },
  names: { likeFiles: false },
  listing: { order: 'reversed' },
  operations: { UploadPartCopy: NOT_IMPLEMENTED },
  serverHeader: 'Storj',
})

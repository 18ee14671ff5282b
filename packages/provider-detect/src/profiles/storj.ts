import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** Storj by its hosted gateway, a fork of MinIO. Every part is at least one billed segment of 64 MiB. Listings are not in key order. */
export const storjProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'storj',
  name: 'Storj',
  limits: { maxParts: 10_000, equalParts: false, maxMetadataBytes: 2048 },
  metadata: { tags: 'yes', acl: 'no' },
  copies: {
    object: 'yes',
    part: 'no',
    ifMatch: 'candidate',
    partIfMatch: 'no',
    recomputes: 'candidate',
    ifNoneMatch: 'candidate',
    tags: 'no',
    // perhaps 10,000 segments; where it is less the bytes come through us
    maxObjectBytes: 600_000_000_000,
  },
  sources: [
    { claim: 'copies', source: 'unconfirmed', date: '2026-11-21' },
    { claim: 'copies.object', source: 'storj/docs@159d3b1:app/(docs)/dcs/api/s3/s3-compatibility/page.md (full)', date: '2026-11-21' },
    { claim: 'copies.partIfMatch', source: 'there is no UploadPartCopy', date: '2026-11-21' },
    {
      claim: 'copies.maxObjectBytes',
      source: 'rclone/rclone@74a5998:backend/s3/provider/Storj.yaml (one CopyObject, whatever the size); storj/storj#7419 (about 600 GB, not confirmed there)',
      date: '2026-11-21',
    },
    { claim: 'copies.part', source: 'storj/docs@dbff53c:app/(docs)/dcs/api/s3/s3-compatibility/page.md', date: '2026-11-20' },
    { claim: 'limits.maxParts', source: 'storj/docs@dbff53c:app/(docs)/dcs/api/s3/s3-compatibility/page.md', date: '2026-11-20' },
    { claim: 'limits.equalParts', source: 'storj/docs@dbff53c:app/(docs)/dcs/api/s3/s3-compatibility/page.md', date: '2026-11-20' },
    { claim: 'limits.maxMetadataBytes', source: 'storj/docs@dbff53c:app/(docs)/dcs/api/s3/s3-compatibility/page.md', date: '2026-11-20' },
    { claim: 'reads.partNumber', source: 'storj/docs@dbff53c:app/(docs)/dcs/api/s3/s3-compatibility/page.md', date: '2026-11-20' },
    { claim: 'metadata.tags', source: 'storj/docs@dbff53c:app/(docs)/dcs/api/s3/s3-compatibility/page.md', date: '2026-11-20' },
    { claim: 'metadata.acl', source: 'storj/docs@dbff53c:app/(docs)/dcs/api/s3/s3-compatibility/page.md', date: '2026-11-20' },
  ],
})

export const storjProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: storjProfile,
  hosts: ['**.gateway.storjshare.io', '**.gateway.{region}.storjshare.io'],
  labels: { region: '[a-z]{2}[0-9]' },
  fingerprints: [{ header: 'server', value: 'Storj', confidence: 'certain', source: 'storj/minio@af7b2f4:cmd/api-headers.go', date: '2026-11-20' }],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['Parts of 64 MiB or more are advised.', 'There is no UploadPartCopy.', 'Trailers are answered with 411.'],
  },
  sources: [
    { claim: 'hosts', source: 'rclone/rclone@64ab1ac:backend/s3/provider/Storj.yaml', date: '2026-11-20' },
    { claim: 'client', source: 'storj/gateway-st#89', date: '2026-11-20' },
  ],
})

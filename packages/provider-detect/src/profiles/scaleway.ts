import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** Scaleway: at most 1,000 parts. Its request ids are shaped like Swift's, its software is its own. */
export const scalewayProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'scaleway',
  name: 'Scaleway Object Storage',
  checksums: { multipartFullObject: ['crc64nvme', 'crc32', 'crc32c'], multipartComposite: ['crc32', 'crc32c', 'sha1', 'sha256'] },
  limits: { minPartBytes: 5_242_880, maxPartBytes: 5_000_000_000, maxParts: 1000, maxObjectBytes: 5_000_000_000_000, equalParts: false },
  writes: { ifNoneMatch: 'yes', ifNoneMatchOnComplete: 'yes' },
  metadata: { tags: 'yes', objectLock: 'yes' },
  sources: [
    {
      claim: 'checksums.multipartFullObject',
      source: 'scaleway/docs-content@9101cab:pages/object-storage/reference-content/supported-checksums.mdx',
      date: '2026-11-20',
    },
    {
      claim: 'checksums.multipartComposite',
      source: 'scaleway/docs-content@9101cab:pages/object-storage/reference-content/supported-checksums.mdx',
      date: '2026-11-20',
    },
    { claim: 'limits', source: 'scaleway/docs-content@fda8713:pages/object-storage/api-cli/multipart-uploads.mdx', date: '2026-11-20' },
    { claim: 'limits.maxSinglePutBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxKeyBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataValueBytes', source: 'unconfirmed', date: '2026-11-20' },
    {
      claim: 'reads.objectAttributes',
      source: 'scaleway/docs-content@827296e:pages/object-storage/api-cli/using-api-call-list.mdx (not among the operations)',
      date: '2026-11-20',
    },
    { claim: 'writes.ifNoneMatch', source: 'scaleway/docs-content@fb086ac:pages/object-storage/api-cli/using-conditional-writes.mdx', date: '2026-11-20' },
    {
      claim: 'writes.ifNoneMatchOnComplete',
      source: 'scaleway/docs-content@fb086ac:pages/object-storage/api-cli/using-conditional-writes.mdx',
      date: '2026-11-20',
    },
    { claim: 'metadata.tags', source: 'scaleway/docs-content@827296e:pages/object-storage/api-cli/using-api-call-list.mdx', date: '2026-11-20' },
    { claim: 'metadata.objectLock', source: 'scaleway/docs-content@827296e:pages/object-storage/api-cli/using-api-call-list.mdx', date: '2026-11-20' },
  ],
})

export const scalewayProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: scalewayProfile,
  hosts: ['**.s3.{region}.scw.cloud'],
  labels: { region: '[a-z]{2}-[a-z]{3}' },
  fingerprints: [
    {
      header: 'x-amz-request-id',
      pattern: 'tx[0-9a-f]{21}-[0-9a-f]{10}',
      sameAs: 'x-amz-id-2',
      onlyWithHost: true,
      confidence: 'certain',
      source: 'scaleway/docs-content@fda8713:pages/object-storage/api-cli/multipart-uploads.mdx',
      date: '2026-11-20',
    },
  ],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['The SDK defaults are likely fine: probe.'],
  },
  sources: [
    { claim: 'hosts', source: 'rclone/rclone@64ab1ac:backend/s3/provider/Scaleway.yaml', date: '2026-11-20' },
    { claim: 'client', source: 'scaleway/docs-content@9101cab:pages/object-storage/reference-content/supported-checksums.mdx', date: '2026-11-20' },
  ],
})

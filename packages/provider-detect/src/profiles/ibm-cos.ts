import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** IBM Cloud Object Storage. In a bucket under Key Protect GET and HEAD show an ETag that is no MD5, and no `x-amz-*` header tells: a difference never condemns the source. */
export const ibmCosProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'ibm-cos',
  name: 'IBM Cloud Object Storage',
  etag: { single: 'yes', singleAmbiguous: true, multipart: 'yes', onePartAmbiguous: false, inCompleteReply: true },
  checksums: { contentMd5: 'yes', multipartFullObject: ['crc64nvme', 'crc32', 'crc32c'], multipartComposite: ['crc32', 'crc32c', 'sha1', 'sha256'] },
  limits: {
    minPartBytes: 5_242_880,
    maxPartBytes: 5_000_000_000,
    maxParts: 10_000,
    maxObjectBytes: 10_000_000_000_000,
    maxSinglePutBytes: 5_000_000_000,
    equalParts: false,
  },
  reads: { ifMatch: 'yes' },
  metadata: { tags: 'yes', objectLock: 'yes' },
  sources: [
    { claim: 'etag.single', source: 'ibm-cloud-docs/cloud-object-storage@c7de927:api-reference-objects.md', date: '2026-11-20' },
    { claim: 'etag.singleAmbiguous', source: 'ibm-cloud-docs/cloud-object-storage@c7de927:api-reference-objects.md (Key Protect)', date: '2026-11-20' },
    { claim: 'etag.multipart', source: 'ibm-cloud-docs/cloud-object-storage@c7de927:multipart.md (its example was computed again)', date: '2026-11-20' },
    { claim: 'etag.onePartAmbiguous', source: 'ibm-cloud-docs/cloud-object-storage@c7de927:multipart.md', date: '2026-11-20' },
    { claim: 'etag.inCompleteReply', source: 'ibm-cloud-docs/cloud-object-storage@c7de927:multipart.md', date: '2026-11-20' },
    { claim: 'checksums.contentMd5', source: 'ibm-cloud-docs/cloud-object-storage@c7de927:common-headers-errors.md', date: '2026-11-20' },
    { claim: 'checksums.multipartFullObject', source: 'ibm-cloud-docs/cloud-object-storage@c7de927:api-reference-objects.md', date: '2026-11-20' },
    { claim: 'checksums.multipartComposite', source: 'ibm-cloud-docs/cloud-object-storage@c7de927:api-reference-objects.md', date: '2026-11-20' },
    { claim: 'limits', source: 'ibm-cloud-docs/cloud-object-storage@c7de927:multipart.md, api-reference-objects.md', date: '2026-11-20' },
    { claim: 'limits.maxKeyBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataValueBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'reads.ifMatch', source: 'ibm-cloud-docs/cloud-object-storage@c7de927:api-reference-objects.md', date: '2026-11-20' },
    { claim: 'metadata.tags', source: 'ibm-cloud-docs/cloud-object-storage@c7de927:object-tagging.md', date: '2026-11-20' },
    { claim: 'metadata.objectLock', source: 'ibm-cloud-docs/cloud-object-storage@c7de927:object-lock.md', date: '2026-11-20' },
  ],
})

export const ibmCosProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: ibmCosProfile,
  hosts: [
    '**.s3.{region}.cloud-object-storage.appdomain.cloud',
    '**.s3.private.{region}.cloud-object-storage.appdomain.cloud',
    '**.s3.direct.{region}.cloud-object-storage.appdomain.cloud',
    '**.s3.{region}.us.cloud-object-storage.appdomain.cloud',
  ],
  labels: { region: '[a-z]{2,4}(-[a-z]+)?[0-9]{0,2}' },
  fingerprints: [
    { header: 'x-clv-request-id', confidence: 'certain', source: 'ibm-cloud-docs/cloud-object-storage@c7de927:api-reference-objects.md', date: '2026-11-20' },
    { header: 'x-clv-s3-version', confidence: 'certain', source: 'ibm-cloud-docs/cloud-object-storage@c7de927:api-reference-objects.md', date: '2026-11-20' },
    {
      header: 'server',
      value: 'Cleversafe/*',
      confidence: 'likely',
      source: 'ibm-cloud-docs/cloud-object-storage@c7de927:api-reference-objects.md',
      date: '2026-11-20',
    },
  ],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['Current clusters also take the SDK defaults.'],
  },
  sources: [
    { claim: 'hosts', source: 'rclone/rclone@64ab1ac:backend/s3/provider/IBMCOS.yaml', date: '2026-11-20' },
    { claim: 'client', source: 'ibm-cloud-docs/cloud-object-storage@c7de927:api-reference-objects.md', date: '2026-11-20' },
  ],
})

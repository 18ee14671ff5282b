import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** NetApp StorageGRID 11.9. It takes If-Match and If-None-Match on writes and does not look at them. A large single PUT may show a part count, because it was cut up inside. */
export const storagegridProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'storagegrid',
  name: 'NetApp StorageGRID',
  etag: { multipart: 'yes', onePartAmbiguous: false, inCompleteReply: true },
  checksums: { contentMd5: 'yes', multipartComposite: ['sha256'] },
  limits: {
    maxPartBytes: 5_368_709_120,
    maxParts: 10_000,
    maxObjectBytes: 5_497_558_138_880,
    maxSinglePutBytes: 5_368_709_120,
    equalParts: false,
    maxMetadataBytes: 24_576,
  },
  reads: { ifMatch: 'yes' },
  writes: { ifNoneMatch: 'no', ifNoneMatchOnComplete: 'no', deleteIfMatch: 'no' },
  metadata: { tags: 'yes', objectLock: 'yes' },
  sources: [
    { claim: 'etag.multipart', source: 'NetAppDocs/storagegrid-119@f4ab9e9:s3/complete-multipart-upload.adoc', date: '2026-11-20' },
    { claim: 'etag.onePartAmbiguous', source: 'NetAppDocs/storagegrid-119@f4ab9e9:s3/complete-multipart-upload.adoc', date: '2026-11-20' },
    { claim: 'etag.inCompleteReply', source: 'NetAppDocs/storagegrid-119@f4ab9e9:s3/complete-multipart-upload.adoc', date: '2026-11-20' },
    { claim: 'checksums.contentMd5', source: 'NetAppDocs/storagegrid-119@f4ab9e9:s3/put-object.adoc', date: '2026-11-20' },
    { claim: 'checksums.multipartComposite', source: 'NetAppDocs/storagegrid-119@f4ab9e9:s3/initiate-multipart-upload.adoc', date: '2026-11-20' },
    { claim: 'limits', source: 'NetAppDocs/storagegrid-119@f4ab9e9:s3/put-object.adoc, complete-multipart-upload.adoc', date: '2026-11-20' },
    { claim: 'limits.maxParts', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxKeyBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataValueBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'reads.ifMatch', source: 'NetAppDocs/storagegrid-119@f4ab9e9:s3/get-object.adoc', date: '2026-11-20' },
    { claim: 'reads.partNumber', source: 'NetAppDocs/storagegrid-119@f4ab9e9:s3/head-object.adoc (a part count also for single PUTs)', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatch', source: 'NetAppDocs/storagegrid-119@f4ab9e9:s3/put-object.adoc', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatchOnComplete', source: 'NetAppDocs/storagegrid-119@f4ab9e9:s3/complete-multipart-upload.adoc', date: '2026-11-20' },
    { claim: 'writes.deleteIfMatch', source: 'NetAppDocs/storagegrid-119@f4ab9e9:s3/put-object.adoc', date: '2026-11-20' },
    { claim: 'metadata.tags', source: 'NetAppDocs/storagegrid-119@f4ab9e9:s3/put-object.adoc', date: '2026-11-20' },
    { claim: 'metadata.objectLock', source: 'NetAppDocs/storagegrid-119@f4ab9e9:s3/put-object.adoc', date: '2026-11-20' },
  ],
})

export const storagegridProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: storagegridProfile,
  hosts: [],
  fingerprints: [
    {
      header: 'server',
      value: 'StorageGRID/*',
      confidence: 'certain',
      source: 'NetAppDocs/storagegrid-119@f4ab9e9:s3/get-bucket-consistency-request.adoc',
      date: '2026-11-20',
    },
    { header: 'x-ntap-sg-trace-id', confidence: 'likely', source: 'unconfirmed', date: '2026-11-20' },
  ],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['11.9 knows SHA-256 only; 12.1 the CRCs, too.'],
  },
  sources: [
    {
      claim: 'client',
      source: 'NetAppDocs/storagegrid-119@f4ab9e9:s3/put-object.adoc; https://docs.netapp.com/us-en/storagegrid/release-notes/changes-to-s3-rest-api.html',
      date: '2026-11-20',
    },
  ],
})

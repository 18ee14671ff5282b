import type { ProviderInput } from '@sealift/provider-detect'
import type { PersonalityDefinition } from '@sealift/testing'

const measured = { source: 'measured: ExampleStore 4.2', date: '2026-11-21' } as const

/**
 * A provider that is in no table: the made-up appliance of CONTRIBUTING.md, as its data file would have it. In a package of its own it would be
 * `profiles/example-store.ts`; an application passes it to `createProviderRegistry`.
 */
export const exampleStore: ProviderInput = {
  profile: {
    extends: 'generic',
    id: 'example-store',
    name: 'ExampleStore 4',
    etag: { single: 'yes', multipart: 'yes', part: 'yes', onePartAmbiguous: false, inCompleteReply: true },
    checksums: { contentMd5: 'yes', returned: 'no' },
    limits: { maxParts: 500, equalParts: false, maxMetadataValueBytes: 256 },
    reads: { range: 'yes', ifMatch: 'yes' },
    writes: { ifNoneMatch: 'yes', ifNoneMatchOnComplete: 'no', deleteIfMatch: 'yes' },
    metadata: { tags: 'no', tagsOnCreateUpload: 'no' },
    sources: [
      { claim: 'etag', ...measured },
      { claim: 'checksums', ...measured },
      { claim: 'limits.maxParts', ...measured },
      { claim: 'limits.equalParts', ...measured },
      { claim: 'limits.maxMetadataValueBytes', ...measured },
      { claim: 'reads', ...measured },
      { claim: 'writes', ...measured },
      { claim: 'metadata.tags', ...measured },
      { claim: 'metadata.tagsOnCreateUpload', ...measured },
    ],
  },
  fingerprints: [{ header: 'server', value: 'ExampleStore/4.*', confidence: 'certain', ...measured }],
  client: { forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' },
  sources: [{ claim: 'client', ...measured }],
}

/** A brand that runs it: the same rules under names of its own. */
export const exampleCloud: ProviderInput = {
  profile: { extends: 'example-store', id: 'example-cloud', name: 'Example Cloud', sources: [] },
  hosts: ['**.s3.{region}.example-cloud.example'],
  labels: { region: '[a-z]{2}-[0-9]' },
  sources: [{ claim: 'hosts', source: 'https://docs.example.com/store/endpoints', date: '2026-11-21' }],
}

const notImplemented = { status: 501, code: 'NotImplemented' } as const

/** The same store for the testing kit: what it does differently from AWS, which is the nearest. */
export const exampleStorePersonality: PersonalityDefinition = {
  extends: 'aws',
  id: 'example-store',
  checksums: { algorithms: [], byDefault: null },
  limits: { maxParts: 500, metadataValueBytes: 256 },
  reads: { partNumber: 'ignored', attributes: 'object' },
  conditionalWrites: { complete: 'ignored' },
  features: { tagging: notImplemented, taggingHeader: notImplemented, bucketTagging: notImplemented },
  serverHeader: 'ExampleStore/4.2',
}

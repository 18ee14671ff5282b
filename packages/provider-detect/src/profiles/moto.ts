import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** moto, a model of AWS for tests, as measured on 5.2.1. It checks no signature, no checksum and no Content-MD5, and stores what it is told of them. */
export const motoProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'moto',
  name: 'moto',
  etag: { single: 'yes', multipart: 'yes', part: 'yes', onePartAmbiguous: false, inCompleteReply: true },
  checksums: { contentMd5: 'no', multipartFullObject: ['crc64nvme', 'crc32'], multipartComposite: ['crc32', 'sha256'] },
  limits: { minPartBytes: 5_242_880, maxParts: 10_000, equalParts: false },
  reads: { range: 'yes', ifMatch: 'yes', partNumber: 'yes' },
  writes: { ifNoneMatch: 'yes', ifNoneMatchOnComplete: 'yes', deleteIfMatch: 'yes', sizeOnComplete: 'candidate' },
  metadata: { tags: 'yes', tagsOnCreateUpload: 'yes', acl: 'yes', controlCharactersInKeys: 'no' },
  copies: {
    object: 'yes',
    part: 'yes',
    ifMatch: 'no',
    partIfMatch: 'no',
    recomputes: 'candidate',
    ifNoneMatch: 'candidate',
    tags: 'no',
    maxObjectBytes: 5_000_000_000,
  },
  sources: [
    { claim: 'copies', source: 'unconfirmed', date: '2026-11-21' },
    { claim: 'copies.object', source: 'measured: moto 5.2.1', date: '2026-11-20' },
    { claim: 'copies.part', source: 'measured: moto 5.2.1', date: '2026-11-20' },
    { claim: 'copies.ifMatch', source: 'measured: moto 5.2.1 (a wrong one is accepted)', date: '2026-11-20' },
    { claim: 'copies.partIfMatch', source: 'measured: moto 5.2.1 (CopyObject takes a wrong one; not sent)', date: '2026-11-20' },
    { claim: 'etag', source: 'measured: moto 5.2.1', date: '2026-11-20' },
    { claim: 'etag.opaqueWith', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'checksums', source: 'measured: moto 5.2.1', date: '2026-11-20' },
    { claim: 'checksums.returned', source: 'measured: moto 5.2.1 (it gives back what it was told, also a wrong value)', date: '2026-11-20' },
    { claim: 'checksums.contentMd5', source: 'measured: moto 5.2.1 (a wrong one is accepted)', date: '2026-11-20' },
    { claim: 'limits', source: 'measured: moto 5.2.1', date: '2026-11-20' },
    { claim: 'limits.maxParts', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxPartBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxObjectBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxSinglePutBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxKeyBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'limits.maxMetadataValueBytes', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'reads', source: 'measured: moto 5.2.1', date: '2026-11-20' },
    { claim: 'reads.objectAttributes', source: 'measured: moto 5.2.1 (its reply has a date that the SDK cannot read)', date: '2026-11-20' },
    { claim: 'writes', source: 'measured: moto 5.2.1', date: '2026-11-20' },
    { claim: 'writes.sizeOnComplete', source: 'unconfirmed', date: '2026-11-20' },
    { claim: 'metadata.tags', source: 'measured: moto 5.2.1', date: '2026-11-20' },
    { claim: 'metadata.tagsOnCreateUpload', source: 'measured: moto 5.2.1', date: '2026-11-20' },
    { claim: 'metadata.acl', source: 'measured: moto 5.2.1', date: '2026-11-20' },
    { claim: 'metadata.controlCharactersInKeys', source: 'measured: moto 5.2.1 (a key with LF cannot be read)', date: '2026-11-20' },
  ],
})

export const motoProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: motoProfile,
  hosts: [],
  fingerprints: [
    { header: 'x-amzn-requestid', pattern: '[0-9A-Za-z]{52}', confidence: 'certain', source: 'measured: moto 5.2.1', date: '2026-11-21' },
    { header: 'server', value: 'Werkzeug/* Python/*', confidence: 'likely', source: 'measured: moto 5.2.1', date: '2026-11-21' },
  ],
  client: { forcePathStyle: true, requestChecksumCalculation: 'WHEN_SUPPORTED', responseChecksumValidation: 'WHEN_SUPPORTED' },
  sources: [{ claim: 'client', source: 'measured: moto 5.2.1', date: '2026-11-20' }],
})

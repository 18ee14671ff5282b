import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** Tencent Cloud Object Storage. Objects have a CRC-64 (`x-cos-hash-crc64ecma`), a multipart upload only if each of its parts had one; the vendor advises against ETags. */
export const cosProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'cos',
  name: 'Tencent Cloud COS',
  etag: { multipart: 'no' },
  checksums: { vendorHeaders: ['x-cos-hash-crc64ecma'] },
  limits: { minPartBytes: 1_048_576, maxPartBytes: 5_000_000_000, maxParts: 10_000, maxSinglePutBytes: 5_000_000_000, equalParts: false },
  writes: { ifNoneMatch: 'no', ifNoneMatchOnComplete: 'no' },
  sources: [
    {
      claim: 'etag.multipart',
      source: 'https://www.tencentcloud.com/document/product/436/32467; rclone/rclone@64ab1ac:backend/s3/provider/TencentCOS.yaml',
      date: '2026-11-20',
    },
    { claim: 'checksums.vendorHeaders', source: 'https://tencentcloud.com/document/product/436/34078', date: '2026-11-20' },
    { claim: 'limits.minPartBytes', source: 'https://www.tencentcloud.com/document/product/436/14112', date: '2026-11-20' },
    { claim: 'limits.maxPartBytes', source: 'https://www.tencentcloud.com/document/product/436/14112', date: '2026-11-20' },
    { claim: 'limits.maxParts', source: 'https://www.tencentcloud.com/document/product/436/14112', date: '2026-11-20' },
    { claim: 'limits.maxSinglePutBytes', source: 'https://www.tencentcloud.com/document/product/436/14112', date: '2026-11-20' },
    { claim: 'limits.equalParts', source: 'https://www.tencentcloud.com/document/product/436/14112', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatch', source: 'gaul/undocumented-s3-apis#4 (a header of its own, x-cos-forbid-overwrite)', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatchOnComplete', source: 'gaul/undocumented-s3-apis#4', date: '2026-11-20' },
  ],
})

export const cosProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: cosProfile,
  hosts: ['**.cos.{region}.myqcloud.com', '**.cos.accelerate.myqcloud.com'],
  labels: { region: '[a-z]+-[a-z]+(-[a-z0-9]+)*' },
  fingerprints: [
    { header: 'x-cos-request-id', confidence: 'certain', source: 'https://tencentcloud.com/document/product/436/34078', date: '2026-11-20' },
    { header: 'x-cos-hash-crc64ecma', confidence: 'certain', source: 'https://tencentcloud.com/document/product/436/34078', date: '2026-11-20' },
    { header: 'server', value: 'tencent-cos', confidence: 'likely', source: 'unconfirmed', date: '2026-11-20' },
  ],
  client: {
    forcePathStyle: false,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ["A bucket's name ends in the account's number."],
  },
  sources: [
    { claim: 'hosts', source: 'rclone/rclone@64ab1ac:backend/s3/provider/TencentCOS.yaml', date: '2026-11-20' },
    { claim: 'client', source: 'milvus-io/milvus-storage#454', date: '2026-11-20' },
  ],
})

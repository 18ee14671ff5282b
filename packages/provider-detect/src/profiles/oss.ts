import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** Alibaba Cloud OSS by its S3-compatible API. Every object has a CRC-64 (`x-oss-hash-crc64ecma`); ETags are upper-case, and those of multipart uploads follow a rule of its own. */
export const ossProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'oss',
  name: 'Alibaba Cloud OSS',
  etag: { multipart: 'no' },
  checksums: { vendorHeaders: ['x-oss-hash-crc64ecma'] },
  limits: { minPartBytes: 102_400, maxPartBytes: 5_000_000_000, maxParts: 10_000, maxSinglePutBytes: 5_000_000_000, equalParts: false },
  writes: { ifNoneMatch: 'no', ifNoneMatchOnComplete: 'no' },
  metadata: { tags: 'no', tagsOnCreateUpload: 'no', objectLock: 'no' },
  sources: [
    {
      claim: 'etag.multipart',
      source: 'https://alibabacloud.com/help/en/oss/oss-reports-an-invalidpart-error-when-using-the-multipart-upload-method-to-upload-files',
      date: '2026-11-20',
    },
    { claim: 'checksums.vendorHeaders', source: 'aliyun/aliyun-oss-python-sdk@c874298:oss2/headers.py, oss2/utils.py', date: '2026-11-20' },
    { claim: 'limits.minPartBytes', source: 'https://help.aliyun.com/en/oss/developer-reference/completemultipartupload', date: '2026-11-20' },
    { claim: 'limits.maxPartBytes', source: 'https://www.alibabacloud.com/help/en/oss/developer-reference/compatibility-with-amazon-s3', date: '2026-11-20' },
    { claim: 'limits.maxParts', source: 'https://help.aliyun.com/en/oss/developer-reference/completemultipartupload', date: '2026-11-20' },
    {
      claim: 'limits.maxSinglePutBytes',
      source: 'https://www.alibabacloud.com/help/en/oss/developer-reference/compatibility-with-amazon-s3',
      date: '2026-11-20',
    },
    { claim: 'limits.equalParts', source: 'https://help.aliyun.com/en/oss/developer-reference/completemultipartupload', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatch', source: 'gaul/undocumented-s3-apis#4 (a header of its own, x-oss-forbid-overwrite)', date: '2026-11-20' },
    { claim: 'writes.ifNoneMatchOnComplete', source: 'gaul/undocumented-s3-apis#4', date: '2026-11-20' },
    {
      claim: 'metadata.tags',
      source: 'https://www.alibabacloud.com/help/en/oss/developer-reference/compatibility-with-amazon-s3 (not among the operations)',
      date: '2026-11-20',
    },
    {
      claim: 'metadata.tagsOnCreateUpload',
      source: 'https://www.alibabacloud.com/help/en/oss/developer-reference/compatibility-with-amazon-s3 (not among the operations)',
      date: '2026-11-20',
    },
    {
      claim: 'metadata.objectLock',
      source: 'https://www.alibabacloud.com/help/en/oss/developer-reference/compatibility-with-amazon-s3 (not among the operations)',
      date: '2026-11-20',
    },
  ],
})

export const ossProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: ossProfile,
  hosts: [
    '**.oss-{region}.aliyuncs.com',
    '**.oss-{region}-internal.aliyuncs.com',
    '**.s3.oss-{region}.aliyuncs.com',
    '**.s3.oss-{region}-internal.aliyuncs.com',
    '**.oss-accelerate.aliyuncs.com',
    '**.oss-accelerate-overseas.aliyuncs.com',
  ],
  labels: { region: '[a-z]{2}(-[a-z0-9]+)+' },
  fingerprints: [
    { header: 'x-oss-request-id', confidence: 'certain', source: 'aliyun/aliyun-oss-python-sdk@c874298:oss2/headers.py', date: '2026-11-20' },
    { header: 'x-oss-hash-crc64ecma', confidence: 'certain', source: 'aliyun/aliyun-oss-python-sdk@c874298:oss2/headers.py', date: '2026-11-20' },
    { header: 'server', value: 'AliyunOSS', confidence: 'likely', source: 'unconfirmed', date: '2026-11-20' },
  ],
  client: {
    forcePathStyle: false,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['Path style is refused.', 'aws-chunked bodies are refused.'],
  },
  sources: [
    {
      claim: 'hosts',
      source:
        'https://www.alibabacloud.com/help/en/oss/developer-reference/compatibility-with-amazon-s3; rclone/rclone@64ab1ac:backend/s3/provider/Alibaba.yaml',
      date: '2026-11-20',
    },
    { claim: 'client', source: 'https://www.alibabacloud.com/help/en/oss/developer-reference/compatibility-with-amazon-s3', date: '2026-11-20' },
  ],
})

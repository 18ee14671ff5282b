import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** Oracle Cloud Infrastructure by its Amazon S3 Compatibility API. ETags of the native API are UUIDs; what those of the S3 API are is nowhere written down. */
export const oracleProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'oracle',
  name: 'Oracle Cloud Object Storage',
  limits: { maxParts: 10_000, maxObjectBytes: 10_995_116_277_760 },
  metadata: { acl: 'no' },
  sources: [
    {
      claim: 'limits.maxParts',
      source: 'https://docs.oracle.com/en-us/iaas/private-cloud-appliance/cmn/object/performing-a-multi-part-upload.htm',
      date: '2026-11-20',
    },
    {
      claim: 'limits.maxObjectBytes',
      source: 'https://docs.oracle.com/en-us/iaas/private-cloud-appliance/cmn/object/performing-a-multi-part-upload.htm',
      date: '2026-11-20',
    },
    {
      claim: 'metadata.acl',
      source: 'https://docs.oracle.com/en-us/iaas/Content/Object/Tasks/s3compatibleapi_topic-Amazon_S3_Compatibility_API_Support.htm',
      date: '2026-11-20',
    },
  ],
})

export const oracleProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: oracleProfile,
  hosts: ['{namespace}.compat.objectstorage.{region}.oraclecloud.com'],
  labels: { namespace: '[a-z0-9]+', region: '[a-z]{2}-[a-z]+-[0-9]' },
  fingerprints: [{ header: 'opc-request-id', confidence: 'likely', source: 'unconfirmed', date: '2026-11-20' }],
  client: {
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['Path style only.', 'aws-chunked bodies are refused with 501.', 'DeleteObjects takes Content-MD5, SHA-256 and CRC32C, not CRC32.'],
  },
  sources: [
    { claim: 'hosts', source: 'https://docs.oracle.com/en-us/iaas/Content/Object/Tasks/s3compatibleapi.htm', date: '2026-11-20' },
    { claim: 'client', source: 'activepieces/activepieces#14110; treeverse/lakeFS#2527', date: '2026-11-20' },
  ],
})

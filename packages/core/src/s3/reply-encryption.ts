import type { EncryptionKind } from '../ports/provider-profile.ts'
import type { WireHeaders } from './data-transport.ts'

/**
 * How a reply says that the object is encrypted, in Amazon's headers or in a vendor's own. A kind that is not known counts as `sse-kms`, under which no
 * ETag is taken for a digest: its rule is not known either.
 * - IBM: `ibm-sse-kp-enabled`, whose objects have "a non-MD5" ETag on GET and HEAD (ibm-cloud-docs/cloud-object-storage@c7de927:api-reference-objects.md)
 * - Google: `x-goog-encryption-kms-key-name`, `x-goog-encryption-algorithm` for a customer's key (https://cloud.google.com/storage/docs/xml-api/reference-headers)
 * - Alibaba, Tencent, Huawei: Amazon's headers under `x-oss-`, `x-cos-`, `x-obs-`
 */
export function encryptionFromHeaders(headers: WireHeaders): EncryptionKind {
  if (headers['x-goog-encryption-algorithm'] !== undefined) return 'sse-c'
  if (headers['x-goog-encryption-kms-key-name'] !== undefined || isTrue(headers['ibm-sse-kp-enabled'])) return 'sse-kms'
  for (const name of CUSTOMER_KEY) if (headers[name] !== undefined) return 'sse-c'
  for (const name of MANAGED_KEY) {
    const kind = headers[name]
    if (kind !== undefined && kind !== '') return /^aes-?256$/i.test(kind) ? 'sse-s3' : 'sse-kms'
  }
  return 'none'
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^true$/i.test(value)
}

const VENDORS = ['amz', 'oss', 'cos', 'obs'] as const
// whole names, once: this runs for each reply
const CUSTOMER_KEY = VENDORS.map((vendor) => `x-${vendor}-server-side-encryption-customer-algorithm`)
const MANAGED_KEY = VENDORS.map((vendor) => `x-${vendor}-server-side-encryption`)

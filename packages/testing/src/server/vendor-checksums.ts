import { openChecksum } from './checksum.ts'
import type { StoredObject } from './object-state.ts'
import type { Personality, VendorHeader } from './personality.ts'
import type { StoredBody } from './stored-body.ts'

const known = new WeakMap<StoredBody, Map<string, Promise<Buffer>>>()

/** The vendor's own headers about an object or part: computed by the server from the bytes that it took in, as ETags are; a byte that rots later changes nothing. */
export async function vendorChecksums(
  personality: Personality,
  stored: Pick<StoredObject, 'body' | 'rightBody' | 'parts'>,
  leftOut: VendorHeader | null = null,
): Promise<Record<string, string>> {
  const headers: Record<string, string> = {}
  const body = stored.rightBody ?? stored.body
  if (body.isDiscarded) return headers
  for (const name of personality.checksums.vendorHeaders) if (name !== leftOut) headers[name] = await vendorValue(name, body, stored.parts !== null)
  return headers
}

async function vendorValue(name: VendorHeader, body: StoredBody, isMultipart: boolean): Promise<string> {
  if (name !== 'x-goog-hash') return (await digestOf(body, 'crc64ecma')).readBigUInt64BE().toString()
  const crc32c = `crc32c=${(await digestOf(body, 'crc32c')).toString('base64')}`
  // a multipart object has no MD5 there
  return isMultipart ? crc32c : `${crc32c},md5=${(await digestOf(body, 'md5')).toString('base64')}`
}

function digestOf(body: StoredBody, algorithm: string): Promise<Buffer> {
  const digests = known.get(body) ?? new Map<string, Promise<Buffer>>()
  known.set(body, digests)
  const digest = digests.get(algorithm) ?? compute(body, algorithm)
  digests.set(algorithm, digest)
  return digest
}

async function compute(body: StoredBody, algorithm: string): Promise<Buffer> {
  const running = await openChecksum(algorithm)
  for (const piece of body.read(0, body.sizeBytes)) running.update(piece)
  return running.digest()
}

import { createHash, randomBytes } from 'node:crypto'
import type { ObjectDescription, ObjectPart } from './object-state.ts'
import type { Personality } from './personality.ts'

/** An ETag as the personality writes it in headers and documents. */
export function etagText(personality: Personality, etag: string): string {
  const text = bareETag(personality, etag)
  return personality.etag.quotes ? `"${text}"` : text
}

/** The same without quotes: what a condition is held against. */
export function bareETag({ etag: { letters } }: Personality, etag: string): string {
  return letters === 'upper' ? etag.toUpperCase() : etag
}

/** The header of a reply about an object, if the personality says ETags at all. */
export function etagHeader(personality: Personality, etag: string): Record<string, string> {
  return personality.etag.ofObjects === 'absent' ? {} : { etag: etagText(personality, etag) }
}

/** The ETag of a single upload with that MD5. */
export function singleETag(md5: string, description: ObjectDescription, personality: Personality): string {
  if (personality.etag.single === 'opaque') return opaqueETag(personality)
  if (!isOpaque(description, personality)) return md5
  return personality.etag.encrypted === 'opaque-1' ? `${opaqueETag(personality)}-1` : opaqueETag(personality)
}

/** The ETag of a part with that MD5. */
export function partETag(md5: string, description: ObjectDescription, personality: Personality): string {
  return personality.etag.part === 'opaque' || isOpaque(description, personality) ? opaqueETag(personality) : md5
}

/** The ETag of a multipart object; `md5` gives that of all its bytes. */
export async function multipartETag(parts: readonly ObjectPart[], md5: () => Promise<string>, personality: Personality): Promise<string> {
  const { multipart, opaqueForm } = personality.etag
  if (multipart === 'md5') return md5()
  if (multipart === 'opaque') return opaqueForm === 'hex' ? `${opaqueETag(personality)}-${parts.length}` : opaqueETag(personality)
  return multipartETagOfParts(parts.map((part) => part.etag))
}

/** MD5 over the parts' binary MD5s, `-`, their number. */
export function multipartETagOfParts(partETags: readonly string[]): string {
  const hash = createHash('md5')
  for (const etag of partETags) hash.update(Buffer.from(etag, 'hex'))
  return `${hash.digest('hex')}-${partETags.length}`
}

function isOpaque({ encryption }: ObjectDescription, { etag }: Personality): boolean {
  return etag.encrypted !== 'md5' && (encryption.kind === 'kms' || encryption.kind === 'customer')
}

const ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyz0123456789'

function opaqueETag({ etag: { opaqueForm } }: Personality): string {
  switch (opaqueForm) {
    case 'hex':
      return randomBytes(16).toString('hex')
    case 'alphanumeric':
      return [...randomBytes(32)].map((byte) => ALPHANUMERIC[byte % ALPHANUMERIC.length]).join('')
    case 'base64':
      // the shape of Google's: a few numbers in a message, so that it starts and ends alike each time
      return `-${Buffer.concat([Buffer.from([0x08]), randomBytes(8), Buffer.from([0x10, 0x01])]).toString('base64')}`
  }
}

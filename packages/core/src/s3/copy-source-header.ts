import type { ObjectRef } from '../ports/object-store.ts'

/**
 * The value of `x-amz-copy-source`: `/bucket/key?versionId=…`, every byte of the key's UTF-8 percent-encoded but letters, digits, `-._~` and `/`.
 * Servers decode it once, so that `+`, `%` and `?` of a key have to be encoded.
 */
export function copySourceHeader(ref: ObjectRef): string {
  const version = ref.versionId === undefined ? '' : `?versionId=${percentEncoded(ref.versionId)}`
  return `/${percentEncoded(ref.bucket)}/${percentEncoded(ref.key)}${version}`
}

function percentEncoded(text: string): string {
  let encoded = ''
  for (const byte of Buffer.from(text, 'utf8')) {
    const character = String.fromCharCode(byte)
    encoded += /[A-Za-z0-9\-._~/]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return encoded
}

/**
 * A byte string: each character is one byte (0–255). Keys and prefixes are kept in this form, because S3 keys are bytes: JavaScript's `<` on
 * byte strings is the UTF-8 byte order that listings need, and bytes that are not UTF-8 survive.
 */
export type ByteString = string

// most keys are ASCII, where the two forms are one
const ASCII = /^[\0-\x7f]*$/

/** The bytes of a text's UTF-8 form. */
export function toBytes(text: string): ByteString {
  return ASCII.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}

/** The text that the bytes stand for; what is not UTF-8 becomes U+FFFD. */
export function toText(bytes: ByteString): string {
  return ASCII.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8')
}

/** Percent-decodes to bytes; a `%` that starts no escape stays as it is. `plusIsSpace` for query strings. */
export function percentDecode(encoded: string, plusIsSpace = false): ByteString {
  const text = plusIsSpace ? encoded.replaceAll('+', ' ') : encoded
  if (!text.includes('%')) return text
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Percent-encodes every byte but `A-Z a-z 0-9 - . _ ~` and the characters in `keep`, as SigV4 and `encoding-type=url` do. */
export function percentEncode(bytes: ByteString, keep = ''): string {
  return bytes.replace(/[^A-Za-z0-9\-._~]/g, (c) => (keep.includes(c) ? c : `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`))
}

/** The smallest byte string that is greater than every string with this prefix; null when there is none. */
export function afterPrefix(prefix: ByteString): ByteString | null {
  for (let end = prefix.length; end > 0; end--) {
    const code = prefix.charCodeAt(end - 1)
    if (code < 0xff) return prefix.slice(0, end - 1) + String.fromCharCode(code + 1)
  }
  return null
}

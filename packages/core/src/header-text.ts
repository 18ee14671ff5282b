import { invalidOption } from './errors.ts'

const MAX_ENCODED_WORD = 75
const WORD_PREFIX = '=?UTF-8?B?'
const WORD_SUFFIX = '?='
/** bytes whose base64 fits one encoded word */
const WORD_BYTES = Math.floor((MAX_ENCODED_WORD - WORD_PREFIX.length - WORD_SUFFIX.length) / 4) * 3

/** Visible ASCII and inner spaces: what a header carries unchanged, and what signers and servers agree on. */
const PLAIN = /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/

/** A header value of any Unicode text: plain ASCII as it is, anything else (control characters and outer spaces too) as RFC 2047 encoded words. */
export function encodeHeaderText(value: string): string {
  if (PLAIN.test(value)) return value
  const words: string[] = []
  let bytes: number[] = []
  // a character is never split between two words (RFC 2047, section 5)
  for (const character of value) {
    const encoded = Buffer.from(character, 'utf8')
    if (bytes.length + encoded.length > WORD_BYTES) {
      words.push(encodedWord(bytes))
      bytes = []
    }
    bytes.push(...encoded)
  }
  words.push(encodedWord(bytes))
  return words.join(' ')
}

/** A header that must go as it is. Throws `ERR_INVALID_OPTION` for control characters and text outside of Latin-1's ASCII half. */
export function plainHeader(option: string, value: string): string {
  if (!/^[\t\x20-\x7e]*$/.test(value)) throw invalidOption(option, value, 'visible ASCII text')
  return value
}

/** Node hands header bytes over as Latin-1: decoded as UTF-8 where they are valid UTF-8, else kept. */
export function decodeHeaderText(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value
  const bytes = Buffer.from(value, 'latin1')
  const decoded = bytes.toString('utf8')
  return Buffer.from(decoded, 'utf8').equals(bytes) ? decoded : value
}

function encodedWord(bytes: readonly number[]): string {
  return `${WORD_PREFIX}${Buffer.from(bytes).toString('base64')}${WORD_SUFFIX}`
}

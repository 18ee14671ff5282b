import { invalidOption } from './errors.ts'

/** What the form of an ETag says. */
export interface ParsedETag {
  /**
   * `md5`: 32 hex digits, a *candidate* for the MD5 of the content (encryption, copies and some servers give the same form another meaning).
   * `multipart`: `<32 hex>-N`, a candidate for S3's multipart rule. `opaque`: anything else.
   */
  readonly kind: 'md5' | 'multipart' | 'opaque'
  /** without `W/` and quotes; hex in lower case, opaque values in their own case */
  readonly value: string
  /** it was marked `W/`: equal weak ETags do not promise equal bytes */
  readonly weak: boolean
  /** 1 to 99,999; only for `multipart` */
  readonly partCount?: number
}

const MD5 = /^[0-9a-f]{32}$/i
const QUOTED_MD5 = /^"[0-9a-f]{32}"$/
const MULTIPART = /^[0-9a-f]{32}-([1-9]\d{0,4})$/i

/**
 * Reads an ETag as it came in a header or in XML: with or without `W/`, quotes or `&quot;`, in either case.
 * Requests with `If-Match` send the raw ETag, not this value.
 * @throws `ERR_INVALID_OPTION` for an empty string or anything but a string; never for another string
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3}
 */
export function parseETag(raw: string): ParsedETag {
  if (typeof raw !== 'string' || raw === '') throw invalidOption('etag', raw, 'the text of an ETag')
  if (raw !== lastRaw) {
    lastParsed = Object.freeze(parse(raw))
    lastRaw = raw
  }
  return lastParsed
}

/** An object's ETag is looked at by several steps in a row. */
let lastRaw = ''
let lastParsed: ParsedETag = { kind: 'opaque', value: '', weak: false }

function parse(raw: string): ParsedETag {
  // nearly all are of this form
  if (QUOTED_MD5.test(raw)) return { kind: 'md5', value: raw.slice(1, -1), weak: false }
  const trimmed = raw.trim()
  const weak = trimmed.startsWith('W/')
  const value = unquote(weak ? trimmed.slice(2) : trimmed)
  if (MD5.test(value)) return { kind: 'md5', value: value.toLowerCase(), weak }
  const multipart = MULTIPART.exec(value)
  if (multipart !== null) return { kind: 'multipart', value: value.toLowerCase(), weak, partCount: Number(multipart[1]) }
  return { kind: 'opaque', value, weak }
}

/** Takes one pair of quotes off, never more: what is inside belongs to the value. */
function unquote(text: string): string {
  for (const quote of ['"', '&quot;']) {
    if (text.length >= quote.length * 2 && text.startsWith(quote) && text.endsWith(quote)) return text.slice(quote.length, -quote.length)
  }
  return text
}

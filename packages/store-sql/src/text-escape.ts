/**
 * Text that every database can hold, and back. PostgreSQL refuses U+0000, node:sqlite and libsql cut a text at it, and all of them replace a lone
 * surrogate. So three kinds of characters are written as two-character sequences that begin with U+0001:
 *
 * | in the value | in the database |
 * |---|---|
 * | U+0000 | U+0001 U+0001 |
 * | U+0001 | U+0001 U+0002 |
 * | a lone surrogate U+D800..U+DFFF | U+0001 U+0003, then its four hex digits |
 *
 * Everything else stays as it is. No two values share an escaped form (U+0001 is itself escaped), and the byte order of escaped keys is the byte order of
 * the keys: U+0000 still sorts before U+0001, and both before U+0002. Lone surrogates have no place in UTF-8 order; they sort right after U+0001.
 */
const NEEDS_ESCAPE = /[\u0000\u0001]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

// halves of a pair are looked at more closely; most texts have none
const MAY_NEED_TEXT_ESCAPE = /[\u0000\u0001\ud800-\udfff]/

/** The form in which a text is stored. */
export function escapeText(value: string): string {
  if (!MAY_NEED_TEXT_ESCAPE.test(value)) return value
  return value.replace(NEEDS_ESCAPE, (character) => {
    if (character === '\u0000') return '\u0001\u0001'
    if (character === '\u0001') return '\u0001\u0002'
    return `\u0001\u0003${character.charCodeAt(0).toString(16)}`
  })
}

/** The text behind a stored form. Sequences that {@link escapeText} never writes are left as they are. */
export function unescapeText(stored: string): string {
  return stored.replace(
    /\u0001(?:(\u0001)|(\u0002)|\u0003(d[89a-f][0-9a-f]{2}))/g,
    (_, zero: string | undefined, one: string | undefined, hex: string | undefined) => {
      if (zero !== undefined) return '\u0000'
      if (one !== undefined) return '\u0001'
      return String.fromCharCode(Number.parseInt(hex ?? '', 16))
    },
  )
}

/** Plain JSON data. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue }

/** The same data with every string in it, names included, passed through {@link escapeText}: `jsonb` refuses U+0000 too. */
export function escapeJson(value: unknown): JsonValue {
  return mapStrings(JSON.parse(JSON.stringify(value)) as JsonValue, escapeText)
}

// how JSON.stringify writes the characters that are escaped; a backslash of the value itself may look the same, and is then looked at for nothing
const MAY_NEED_ESCAPE = /\\u(?:000[01]|d[89a-f])/

/**
 * JSON text of {@link escapeJson}, for a fraction of its cost where there is nothing to escape, as in nearly all rows.
 * @param text - what `JSON.stringify` made of the value
 */
export function escapedJsonText(value: unknown, text: string = Array.isArray(value) && value.length === 0 ? '[]' : JSON.stringify(value)): string {
  return MAY_NEED_ESCAPE.test(text) ? JSON.stringify(escapeJson(value)) : text
}

export function unescapeJson(value: JsonValue): JsonValue {
  return mapStrings(value, unescapeText)
}

/** The data behind stored JSON text; JSON can hold U+0001, with which every escape begins, only as an escape of its own. */
export function unescapedJson(text: string): JsonValue {
  const value = JSON.parse(text) as JsonValue
  return text.includes('\\u0001') ? unescapeJson(value) : value
}

function mapStrings(value: JsonValue, map: (text: string) => string): JsonValue {
  if (typeof value === 'string') return map(value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((entry: JsonValue) => mapStrings(entry, map))
  // fromEntries defines properties, so that a name like __proto__ stays data
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [map(name), mapStrings(entry, map)]))
}

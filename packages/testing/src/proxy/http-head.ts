import type { WireReader } from './wire-reader.ts'

const HEAD_LIMIT_BYTES = 262_144

/** The start line and the header lines of a message, kept as they came. */
export interface HttpHead {
  /** Without the line's end. */
  readonly startLine: string
  /** Every header line as it came (order, case, white space), without its end; read as Latin-1, so that bytes survive. */
  readonly lines: readonly string[]
}

/**
 * The next message's head.
 * @returns null when the connection is over before a whole head came
 */
export async function readHead(reader: WireReader): Promise<HttpHead | null> {
  for (;;) {
    const bytes = await reader.readThrough('\r\n\r\n', HEAD_LIMIT_BYTES).catch(() => null)
    if (bytes === null) return null
    // a client may send an empty line before its next request (RFC 9112 section 2.2)
    const [startLine = '', ...lines] = bytes
      .toString('latin1')
      .replace(/^(\r\n)+/, '')
      .split('\r\n')
      .filter((line) => line !== '')
    if (startLine !== '') return { startLine, lines }
  }
}

/** The head as it goes on the wire. */
export function headBytes(head: HttpHead): Buffer {
  return Buffer.from(`${[head.startLine, ...head.lines].join('\r\n')}\r\n\r\n`, 'latin1')
}

/** The first value of a header, trimmed; null without it. `name` is in lower case. */
export function headerOf(head: HttpHead, name: string): string | null {
  for (const line of head.lines) {
    const colon = line.indexOf(':')
    if (colon >= 0 && line.slice(0, colon).toLowerCase() === name) return line.slice(colon + 1).trim()
  }
  return null
}

/** The head with the value of every line of this name put through `change`; null when `change` gave null for all of them or there is none. */
export function withHeaderChanged(head: HttpHead, name: string, change: (value: string) => string | null): HttpHead | null {
  let changed = false
  const lines = head.lines.map((line) => {
    const colon = line.indexOf(':')
    if (colon < 0 || line.slice(0, colon).toLowerCase() !== name.toLowerCase()) return line
    const value = change(line.slice(colon + 1).trim())
    if (value === null) return line
    changed = true
    return `${line.slice(0, colon)}: ${value}`
  })
  return changed ? { ...head, lines } : null
}

/** The headers by lower-case name; values of a repeated name joined by ', '. */
export function headersOf(head: HttpHead): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const line of head.lines) {
    const colon = line.indexOf(':')
    if (colon < 0) continue
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  return headers
}

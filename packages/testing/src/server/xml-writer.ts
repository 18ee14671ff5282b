import { type ByteString, percentEncode, toText } from './byte-string.ts'

/** A piece of XML that is written as it is. */
export class Xml {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

export type XmlChild = Xml | string | number | boolean | null | undefined | readonly XmlChild[]

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' }

/** One element; children that are null or undefined leave no trace. */
export function element(name: string, ...children: readonly XmlChild[]): Xml {
  return new Xml(`<${name}>${render(children)}</${name.split(' ', 1)[0]}>`)
}

/** An element, or nothing for null and undefined. */
export function optional(name: string, value: string | number | boolean | null | undefined): Xml | null {
  return value === null || value === undefined ? null : element(name, value)
}

/** A whole document, with S3's namespace unless told otherwise. */
export function document(name: string, children: readonly XmlChild[], namespace = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}${namespace}>${render(children)}</${name}>`
}

/** A key or prefix as a listing writes it: as text, or percent-encoded when `encoding-type=url` was asked for. */
export function keyText(key: ByteString, urlEncoded: boolean): string {
  return urlEncoded ? percentEncode(key, '/') : toText(key)
}

function render(child: XmlChild): string {
  if (child === null || child === undefined) return ''
  if (child instanceof Xml) return child.source
  if (Array.isArray(child)) return child.map(render).join('')
  // control characters have no place in XML 1.0: written as references, as AWS does, which the SDK's parser reads
  return String(child).replace(/[&<>"\r]|[\0-\x08\x0b\x0c\x0e-\x1f]/g, (c) => ESCAPES[c] ?? `&#x${c.charCodeAt(0).toString(16)};`)
}

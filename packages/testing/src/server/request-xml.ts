import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { S3Error } from './s3-error.ts'

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: true,
  htmlEntities: true,
})

/** A parsed element: text, or its children by name. */
export type XmlNode = string | { readonly [name: string]: XmlNode | readonly XmlNode[] }

/** Parses a request body and returns the children of its root element. @throws `MalformedXML` when it is no such document */
export function parseRequestXml(body: Buffer, root: string): XmlNode {
  const text = body.toString('utf8')
  if (XMLValidator.validate(text) !== true) throw new S3Error(400, 'MalformedXML')
  const parsed = parser.parse(text) as Record<string, XmlNode>
  const node = parsed[root]
  if (node === undefined) throw new S3Error(400, 'MalformedXML')
  return node
}

/** The child elements of that name, in order. */
export function childrenOf(node: XmlNode, name: string): readonly XmlNode[] {
  if (typeof node === 'string') return []
  const child = node[name]
  if (child === undefined) return []
  return Array.isArray(child) ? (child as readonly XmlNode[]) : [child as XmlNode]
}

/** The first child of that name. */
export function childOf(node: XmlNode, name: string): XmlNode | undefined {
  return childrenOf(node, name)[0]
}

/** The text of the first child of that name. */
export function textOf(node: XmlNode, name: string): string | undefined {
  const child = childOf(node, name)
  return typeof child === 'string' ? child : undefined
}

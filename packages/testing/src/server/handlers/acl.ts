import { type Exchange, type Reply, xmlReply } from '../exchange.ts'
import { readCannedAcl } from '../object-description.ts'
import type { AclGrant } from '../object-state.ts'
import { receiveDocument } from '../request-body.ts'
import { childOf, childrenOf, parseRequestXml, textOf, type XmlNode } from '../request-xml.ts'
import { bucketOf } from '../server-state.ts'
import { document, element, type Xml } from '../xml-writer.ts'
import { heldObject } from './held-object.ts'
import { ownerXml } from './listing-parameters.ts'

const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

/** GetObjectAcl. */
export function getObjectAcl(exchange: Exchange): Reply {
  return xmlReply(aclDocument(exchange, heldObject(exchange).acl))
}

/** PutObjectAcl: a canned one, or grants in the body. */
export async function putObjectAcl(exchange: Exchange): Promise<Reply> {
  const acl = await readAcl(exchange)
  heldObject(exchange).acl = acl
  return { status: 200 }
}

/** GetBucketAcl. */
export function getBucketAcl(exchange: Exchange): Reply {
  return xmlReply(aclDocument(exchange, bucketOf(exchange.state, exchange.request.bucket).acl))
}

/** PutBucketAcl. */
export async function putBucketAcl(exchange: Exchange): Promise<Reply> {
  const bucket = bucketOf(exchange.state, exchange.request.bucket)
  bucket.acl = await readAcl(exchange)
  return { status: 200 }
}

async function readAcl(exchange: Exchange): Promise<readonly AclGrant[]> {
  const body = await receiveDocument(exchange)
  if (body.length === 0) return readCannedAcl(exchange.request.incoming.headers)
  const list = childOf(parseRequestXml(body, 'AccessControlPolicy'), 'AccessControlList')
  return childrenOf(list ?? '', 'Grant')
    .map((grant) => ({ grantee: granteeOf(childOf(grant, 'Grantee')), permission: (textOf(grant, 'Permission') ?? 'READ') as AclGrant['permission'] }))
    .filter(({ grantee, permission }) => !(grantee === exchange.state.owner && permission === 'FULL_CONTROL'))
}

function granteeOf(node: XmlNode | undefined): string {
  return node === undefined ? '' : (textOf(node, 'URI') ?? textOf(node, 'ID') ?? textOf(node, 'EmailAddress') ?? '')
}

function aclDocument({ state }: Exchange, acl: readonly AclGrant[]): string {
  const own: AclGrant = { grantee: state.owner, permission: 'FULL_CONTROL' }
  return document('AccessControlPolicy', [element('Owner', ownerXml(state)), element('AccessControlList', [own, ...acl].map(grantXml))])
}

function grantXml({ grantee, permission }: AclGrant): Xml {
  const isGroup = grantee.startsWith('http')
  const who = isGroup
    ? element(`Grantee ${XSI} xsi:type="Group"`, element('URI', grantee))
    : element(`Grantee ${XSI} xsi:type="CanonicalUser"`, element('ID', grantee), element('DisplayName', grantee))
  return element('Grant', who, element('Permission', permission))
}

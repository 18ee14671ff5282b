import { type Exchange, type Reply, xmlReply } from '../exchange.ts'
import { receiveDocument } from '../request-body.ts'
import { childOf, childrenOf, parseRequestXml, textOf } from '../request-xml.ts'
import { S3Error } from '../s3-error.ts'
import { bucketOf } from '../server-state.ts'
import { document, element } from '../xml-writer.ts'
import { heldObject } from './held-object.ts'

type Tags = readonly (readonly [string, string])[]

/** GetObjectTagging. */
export function getObjectTagging(exchange: Exchange): Reply {
  return xmlReply(tagDocument(heldObject(exchange).tags))
}

/** PutObjectTagging. */
export async function putObjectTagging(exchange: Exchange): Promise<Reply> {
  const tags = await readTags(exchange, 10)
  heldObject(exchange).tags = tags
  return { status: 200 }
}

/** DeleteObjectTagging. */
export function deleteObjectTagging(exchange: Exchange): Reply {
  heldObject(exchange).tags = []
  return { status: 204 }
}

/** GetBucketTagging. */
export function getBucketTagging({ state, request }: Exchange): Reply {
  const { tags } = bucketOf(state, request.bucket)
  if (tags === null && state.personality.features.bucketTagging === 'yes') throw new S3Error(404, 'NoSuchTagSet', undefined, { BucketName: request.bucket })
  return xmlReply(tagDocument(tags ?? []))
}

/** PutBucketTagging. */
export async function putBucketTagging(exchange: Exchange): Promise<Reply> {
  const bucket = bucketOf(exchange.state, exchange.request.bucket)
  bucket.tags = await readTags(exchange, 50)
  return { status: 204 }
}

/** DeleteBucketTagging. */
export function deleteBucketTagging({ state, request }: Exchange): Reply {
  bucketOf(state, request.bucket).tags = null
  return { status: 204 }
}

function tagDocument(tags: Tags): string {
  return document('Tagging', [
    element(
      'TagSet',
      tags.map(([key, value]) => element('Tag', element('Key', key), element('Value', value))),
    ),
  ])
}

async function readTags(exchange: Exchange, most: number): Promise<Tags> {
  const set = childOf(parseRequestXml(await receiveDocument(exchange), 'Tagging'), 'TagSet')
  const tags = childrenOf(set ?? '', 'Tag').map((tag) => [textOf(tag, 'Key') ?? '', textOf(tag, 'Value') ?? ''] as const)
  if (tags.length > most) throw new S3Error(400, 'BadRequest', `Object tags cannot be greater than ${most}`)
  if (new Set(tags.map(([key]) => key)).size < tags.length) throw new S3Error(400, 'InvalidTag', 'Cannot provide multiple Tags with the same key')
  return tags
}

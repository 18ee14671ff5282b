// Uploads the objects of the real-client matrix with aws-cli, rclone, s3cmd and boto3, and writes the table of what a copy of each must come to.
// It imports nothing of sealift: the table is made from the uploads themselves.
//
//   node test/real-clients/make-objects.mjs --bucket NAME --out TABLE.json [--only 'PIECE|PIECE']   (objects whose name holds one of the pieces)
//
// reads S3_SRC_ENDPOINT, S3_SRC_REGION, S3_SRC_ACCESS_KEY_ID and S3_SRC_SECRET_ACCESS_KEY. The bucket is made if need be; the caller deletes it.
// Exit code 3: a client is missing; stderr says which.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CreateBucketCommand, GetObjectTaggingCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { awsCli } from './clients/aws-cli.mjs'
import { boto3 } from './clients/boto3.mjs'
import { rclone } from './clients/rclone.mjs'
import { s3cmd } from './clients/s3cmd.mjs'
import { clientDigest, expectationsFor } from './expectations.mjs'
import { findClients } from './find-clients.ts'
import { etagOfFile, sumsOf, writeLocalFile } from './local-file.mjs'
import { OBJECT_PLAN } from './object-plan.ts'

const MAKERS = { 'aws-cli': awsCli, rclone, s3cmd, boto3 }
const CONCURRENCY = 3

const { values: options } = parseArgs({ options: { bucket: { type: 'string' }, out: { type: 'string' }, only: { type: 'string' } } })
const { bucket, out } = options
const endpoint = process.env.S3_SRC_ENDPOINT
const region = process.env.S3_SRC_REGION
const credentials = { accessKeyId: process.env.S3_SRC_ACCESS_KEY_ID, secretAccessKey: process.env.S3_SRC_SECRET_ACCESS_KEY }
if (!bucket || !out || !endpoint || !region || !credentials.accessKeyId || !credentials.secretAccessKey) {
  console.error('usage: make-objects.mjs --bucket NAME --out TABLE.json, with S3_SRC_ENDPOINT, _REGION, _ACCESS_KEY_ID, _SECRET_ACCESS_KEY')
  process.exit(2)
}

const { programs, missing } = await findClients(Object.keys(MAKERS))
if (missing.length > 0) {
  console.error(`missing clients: ${missing.join(', ')}`)
  process.exit(3)
}

const sdk = new S3Client({
  endpoint,
  region,
  credentials,
  forcePathStyle: true,
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
})
const folder = await mkdtemp(join(tmpdir(), 'real-clients-'))
try {
  await makeBucket()
  const objects = await writeFiles(OBJECT_PLAN.filter((object) => (options.only ?? '').split('|').some((piece) => object.name.includes(piece))))
  const clients = Object.fromEntries(
    await Promise.all(
      Object.entries(MAKERS).map(async ([name, make]) => [name, await make({ program: programs[name], endpoint, region, credentials, bucket, folder })]),
    ),
  )
  const versions = Object.fromEntries(await Promise.all(Object.entries(clients).map(async ([name, client]) => [name, await client.version()])))
  const startedAt = performance.now()
  const boundaries = objects.filter((object) => object.key.startsWith('boundary/aws-cli/'))
  await Promise.all([
    clients.boto3.uploadAll(objects.filter((object) => object.client === 'boto3')),
    ...(boundaries.length > 0 ? [clients['aws-cli'].uploadFolder(boundaries)] : []),
    inTurn(
      objects.filter((object) => object.client !== 'boto3' && !boundaries.includes(object)),
      (object) => clients[object.client].upload(object),
    ),
  ])
  const uploadMs = Math.round(performance.now() - startedAt)
  const rows = await inTurn(objects, (object) => rowOf(object, clients[object.client]))
  const bytes = rows.reduce((sum, row) => sum + row.sizeBytes, 0)
  await writeFile(out, JSON.stringify({ bucket, clients: versions, uploadMs, count: rows.length, bytes, objects: rows }, null, 1))
  console.log(`${rows.length} objects, ${Math.round(bytes / 1_048_576)} MiB, uploaded in ${uploadMs} ms by ${Object.entries(versions).flat().join(' ')}`)
} finally {
  await rm(folder, { recursive: true, force: true })
  sdk.destroy()
}

async function makeBucket() {
  try {
    await sdk.send(new CreateBucketCommand({ Bucket: bucket }))
  } catch (error) {
    if (error.name !== 'BucketAlreadyOwnedByYou') throw error
  }
}

async function writeFiles(plan) {
  const keys = new Set(plan.map((object) => object.key))
  if (keys.size !== plan.length) throw new Error('the plan names a key twice')
  const objects = []
  for (const [index, object] of plan.entries()) {
    const file = join(folder, `object-${index}`)
    objects.push({ ...object, file, sizeBytes: await writeLocalFile(file, object.key, object.sizeBytes, object.gzip) })
  }
  const sums = await sumsOf(objects.map((object) => object.file))
  return objects.map((object, index) => ({ ...object, ...sums[index] }))
}

/** The parts that the client used, told by its own rule; null for a single PUT. */
function layoutOf(object, client) {
  if (object.partSizes !== null) return object.partSizes
  if (!client.isMultipart(object)) return null
  const count = Math.ceil(object.sizeBytes / object.partSizeBytes)
  return Array.from({ length: count }, (_, index) => Math.min(object.partSizeBytes, object.sizeBytes - index * object.partSizeBytes))
}

/** Looks at the uploaded object, refuses anything that is not as planned, and writes its row. */
async function rowOf(object, client) {
  const head = await sdk.send(new HeadObjectCommand({ Bucket: bucket, Key: object.key }))
  const partSizes = layoutOf(object, client)
  const etag = await etagOfFile(object.file, partSizes)
  same(object, 'ETag', head.ETag, `"${etag}"`)
  same(object, 'size', head.ContentLength, object.sizeBytes)
  if (partSizes === null) same(object, 'MD5 as ETag', etag, object.md5)
  const headers = {
    contentType: head.ContentType,
    cacheControl: head.CacheControl,
    contentDisposition: head.ContentDisposition,
    contentEncoding: head.ContentEncoding,
    contentLanguage: head.ContentLanguage,
    expires: head.ExpiresString,
  }
  for (const [name, value] of Object.entries(object.headers)) same(object, name, headers[name], value)
  const metadata = head.Metadata ?? {}
  // RGW turns `_` into `-`
  for (const [name, value] of Object.entries(object.metadata)) same(object, `metadata ${name}`, metadata[name.replaceAll('_', '-')], value)
  const digest = clientDigest(metadata)
  if (digest !== null) same(object, 'digest left by the client', digest, object.md5)
  same(object, 'storage class', head.StorageClass ?? 'STANDARD', object.storageClass)
  same(object, 'website redirect', head.WebsiteRedirectLocation ?? null, object.websiteRedirect)
  if (object.tags.length > 0) {
    const { TagSet = [] } = await sdk.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: object.key }))
    same(object, 'tags', sortedTags(TagSet.map((tag) => ({ key: tag.Key, value: tag.Value }))), sortedTags(object.tags))
  }
  const { name, key, client: uploader, sizeBytes, sha256, md5, tags, storageClass, websiteRedirect } = object
  const row = { name, key, client: uploader, sizeBytes, sha256, md5, etag, partSizes, headers, metadata, tags, storageClass, websiteRedirect }
  return { ...row, expected: expectationsFor(row) }
}

function sortedTags(tags) {
  return JSON.stringify(tags.map((tag) => [tag.key, tag.value]).sort())
}

function same(object, what, actual, expected) {
  if (actual !== expected) throw new Error(`${object.name}: ${what} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`)
}

/** Runs `work` over all items, `CONCURRENCY` at once; results in the order of the items. */
async function inTurn(items, work) {
  const results = new Array(items.length)
  let next = 0
  const lane = async () => {
    while (next < items.length) {
      const index = next++
      results[index] = await work(items[index])
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, lane))
  return results
}

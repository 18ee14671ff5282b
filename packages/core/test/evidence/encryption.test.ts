import { randomBytes } from 'node:crypto'
import { CopyObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { ServerSideEncryption } from '@sealift/core'
import { createS3ObjectStore, migrateObject, verifyObject } from '@sealift/core'
import { describe, expect, it } from 'vitest'
import { failure, MIB, openGround, patternBytes, profileOf } from '../copy-ground.ts'
import { openEdited } from '../edited-ground.ts'
import { cut, uploadParts } from '../engine/upload-parts.ts'
import type { EditableReply, EditorRequest } from '../reply-editor.ts'

const SSE = 'x-amz-server-side-encryption'
const BYTES = patternBytes(70_001, 5)
const PARTS = [5 * MIB, 5 * MIB, 1000]
const LARGE = patternBytes(10 * MIB + 1000, 6)

const SOURCE_KEY = Uint8Array.from(randomBytes(32))
const DESTINATION_KEY = Uint8Array.from(randomBytes(32))

function customerKey(key: Uint8Array): { SSECustomerAlgorithm: string; SSECustomerKey: string } {
  return { SSECustomerAlgorithm: 'AES256', SSECustomerKey: Buffer.from(key).toString('base64') }
}

describe('encryption by the store', () => {
  const kinds: readonly [ServerSideEncryption, string, string | undefined][] = [
    [{ kind: 'sse-s3' }, 'AES256', undefined],
    [{ kind: 'sse-kms' }, 'aws:kms', undefined],
    [{ kind: 'sse-kms', keyId: 'arn:aws:kms:eu-west-1:1:key/its-own' }, 'aws:kms', 'arn:aws:kms:eu-west-1:1:key/its-own'],
  ]

  it.each(kinds)('%j at the destination: asked for on PUT and on Create, and nowhere else', async (sse, header, keyId) => {
    const ground = await openEdited({})
    ground.source.put('from', 'key', BYTES)
    const small = await ground.copy({}, { destination: sse })
    expect(small).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', requests: 2, notCarried: [] })
    await uploadParts(ground.plainSourceClient, { bucket: 'from', key: 'key' }, cut(LARGE, PARTS))
    const large = await ground.copy({}, { destination: sse })
    expect(large).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', parts: { count: 3 }, notCarried: [] })
    const asked = ground.destination.requests.filter(({ headers }) => headers[SSE] !== undefined)
    expect(asked.map(({ operation }) => operation)).toEqual(['PutObject', 'CreateMultipartUpload'])
    for (const { headers } of asked) expect([headers[SSE], headers[`${SSE}-aws-kms-key-id`]]).toEqual([header, keyId])
    expect(ground.destination.peek('to', 'key')?.equals(LARGE)).toBe(true)
  })

  it('each KMS key of the source has its own at the destination; one that is not named is listed, and the default is used', async () => {
    const ground = await openEdited({})
    const key = (name: string): string => `arn:aws:kms:eu-west-1:1:key/${name}`
    const sse = { kind: 'sse-kms', keyId: key('others'), keyIds: { [key('one')]: key('its-own') } } as const
    const sourceUnder = async (keyId: string | undefined): Promise<void> => {
      const encryption = keyId === undefined ? {} : ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyId } as const)
      await ground.plainSourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: BYTES, ...encryption }))
    }
    const written = async (): Promise<unknown> => {
      ground.destination.clearRequests()
      const result = await ground.copy({}, { destination: sse })
      expect(result.verdict).toBe('verified')
      const [put] = ground.destination.requests.filter(({ operation }) => operation === 'PutObject')
      return [put?.headers[SSE], put?.headers[`${SSE}-aws-kms-key-id`], result.notCarried.filter(({ what }) => what === 'encryption')]
    }
    await sourceUnder(key('one'))
    expect(await written()).toEqual(['aws:kms', key('its-own'), []])
    await sourceUnder(key('two'))
    const unnamed = { what: 'encryption', name: key('two'), reason: 'destination.sse.keyIds does not name this key; the one for all other objects is used' }
    expect(await written()).toEqual(['aws:kms', key('others'), [unnamed]])
    await sourceUnder(undefined)
    expect(await written()).toEqual(['aws:kms', key('others'), []])
  })

  it('a mapped KMS key goes with Create, and with the copy that the server makes', async () => {
    const ground = await openGround({})
    const sse = { kind: 'sse-kms', keyIds: { one: 'its-own' } } as const
    const underOne = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'one' } as const
    await uploadParts(ground.sourceClient, { bucket: 'from', key: 'key' }, cut(LARGE, PARTS), underOne)
    const options = ground.options()
    expect(await migrateObject({ ...options, destination: { ...options.destination, sse } })).toMatchObject({ verdict: 'verified', route: 'multipart' })
    const inside = { client: ground.sourceClient, bucket: 'from', key: 'copy', profile: options.source.profile, sse }
    const copied = await migrateObject({ ...options, destination: inside, serverSideCopy: true })
    expect(copied).toMatchObject({ verdict: 'verified', route: 'server-side' })
    for (const { requests } of [ground.destination, ground.source]) {
      const create = requests.findLast(({ operation }) => operation === 'CreateMultipartUpload')
      expect(create?.headers[`${SSE}-aws-kms-key-id`]).toBe('its-own')
    }
  })

  it.each(['aws', 'minio'] as const)('SSE-KMS at the source on %s: its ETag is no digest, its checksum is one', async (from) => {
    const ground = await openGround({ source: from })
    const name = { Bucket: 'from', Key: 'key', ServerSideEncryption: 'aws:kms' as const }
    await ground.sourceClient.send(new PutObjectCommand({ ...name, Body: BYTES, ChecksumAlgorithm: 'SHA256' }))
    const result = await migrateObject(ground.options())
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', requests: 2 })
    expect(result.evidence).toContainEqual(expect.objectContaining({ leg: 'source', method: 'stored-checksum', algorithm: 'sha256', outcome: 'match' }))
    expect(result.evidence).toContainEqual(expect.objectContaining({ leg: 'source', outcome: 'not-comparable', reason: 'the ETag is opaque under sse-kms' }))
  })

  it('SSE-KMS at the source with no checksum: two reads, destination-only', async () => {
    const ground = await openGround({ source: 'minio' })
    await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', ServerSideEncryption: 'aws:kms', Body: BYTES, ChecksumMD5: undefined }))
    ground.source.clearRequests()
    const options = ground.options()
    const profile = { ...options.source.profile, checksums: { ...options.source.profile.checksums, returned: 'no' as const } }
    const result = await migrateObject({ ...options, source: { ...options.source, profile } })
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'destination-only' })
    expect(ground.source.requestCounts).toEqual({ GetObject: 2 })
  })

  const vendors: readonly [Record<string, string>, string][] = [
    [{ 'ibm-sse-kp-enabled': 'true' }, 'sse-kms'],
    [{ 'x-goog-encryption-kms-key-name': 'projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1' }, 'sse-kms'],
    [{ 'x-oss-server-side-encryption': 'KMS' }, 'sse-kms'],
    [{ 'x-cos-server-side-encryption': 'cos/kms' }, 'sse-kms'],
    [{ 'x-obs-server-side-encryption': 'kms' }, 'sse-kms'],
    [{ [SSE]: 'aws:kms:dsse' }, 'sse-kms'],
    [{ [SSE]: 'aws:fsx' }, 'sse-kms'],
    [{ [SSE]: 'something-new' }, 'sse-kms'],
    [{ 'x-goog-encryption-algorithm': 'AES256' }, 'sse-c'],
  ]

  it.each(vendors)('%j: an ETag of 32 hex digits that is no MD5 never condemns', async (headers, kind) => {
    const ground = await openEdited({
      source: (request, reply) => {
        if (request.method !== 'GET') return
        for (const name of Object.keys(reply.headers)) if (name.startsWith('x-amz-checksum')) delete reply.headers[name]
        Object.assign(reply.headers, { etag: '"00112233445566778899aabbccddeeff"' }, headers)
      },
    })
    ground.source.put('from', 'key', BYTES)
    const result = await ground.copy()
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'destination-only' })
    expect(result.evidence).toContainEqual(expect.objectContaining({ leg: 'source', outcome: 'not-comparable', reason: `the ETag is opaque under ${kind}` }))
  })

  it('a store that leaves the request for encryption unheeded: verified, and said', async () => {
    const ground = await openEdited({ personalities: { destination: 'ceph' } })
    ground.source.put('from', 'key', BYTES)
    expect(await ground.copy({}, { destination: { kind: 'sse-kms' } })).toMatchObject({
      verdict: 'verified',
      notCarried: [{ what: 'encryption', name: 'sse-kms', reason: expect.stringContaining('no reply') }],
    })
  })
})

describe("the customer's own key (SSE-C)", () => {
  const source: ServerSideEncryption = { kind: 'sse-c', key: SOURCE_KEY }
  const destination: ServerSideEncryption = { kind: 'sse-c', key: DESTINATION_KEY }
  const keyOf = ({ headers }: EditorRequest): unknown => headers[`${SSE}-customer-key`]
  const kindOf = ({ method, url }: EditorRequest): string =>
    `${method}${
      /[?&](?:uploads|uploadId|partNumber|attributes)/.test(url)
        ? ` ${[...new URL(url, 'http://x').searchParams.keys()]
            .filter((name) => name !== 'x-id')
            .sort()
            .join('+')}`
        : ''
    }`

  it.each(['aws', 'minio'] as const)('%s: it goes with GET, HEAD, HEAD ?partNumber, PUT, Create and UploadPart', async (name) => {
    const ground = await openEdited({ personalities: { source: name, destination: name } })
    const place = { Bucket: 'from', Key: 'key', ...customerKey(SOURCE_KEY) }
    await ground.plainSourceClient.send(new PutObjectCommand({ ...place, Body: BYTES }))
    const small = await ground.copy({ verify: { readBack: 'always' } }, { source, destination })
    expect(small).toMatchObject({ verdict: 'verified', notCarried: [] })
    expect(ground.destination.peek('to', 'key')?.equals(BYTES)).toBe(true)

    await uploadPartsWithKey(ground.plainSourceClient, cut(LARGE, PARTS))
    const large = await ground.copy({ verify: { readBack: 'always' } }, { source, destination })
    expect(large).toMatchObject({ verdict: 'verified', parts: { count: 3, sizeBytes: 5 * MIB, origin: expect.stringMatching(/^(?:attributes|part-number)$/) } })
    expect(ground.destination.peek('to', 'key')?.equals(LARGE)).toBe(true)

    expect(new Set(ground.sourceWire.requests.map(keyOf))).toEqual(new Set([Buffer.from(SOURCE_KEY).toString('base64')]))
    const withKey = ground.destinationWire.requests.filter((request) => keyOf(request) === Buffer.from(DESTINATION_KEY).toString('base64'))
    expect([...new Set(withKey.map(kindOf))].sort()).toEqual(['GET', 'HEAD', 'POST uploadId', 'POST uploads', 'PUT', 'PUT partNumber+uploadId'])
    expect(withKey).toHaveLength(ground.destinationWire.requests.length)
  })

  async function uploadPartsWithKey(client: S3Client, parts: readonly Buffer[]): Promise<void> {
    // the parts' requests need the key as well
    client.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { headers: Record<string, string> }
        const { createHash } = process.getBuiltinModule('node:crypto')
        headers[`${SSE}-customer-algorithm`] = 'AES256'
        headers[`${SSE}-customer-key`] = Buffer.from(SOURCE_KEY).toString('base64')
        headers[`${SSE}-customer-key-MD5`] = createHash('md5').update(SOURCE_KEY).digest('base64')
        return next(args)
      },
      { step: 'build', name: 'customerKey' },
    )
    await uploadParts(client, { bucket: 'from', key: 'key' }, parts)
    client.middlewareStack.remove('customerKey')
  }

  it('a verification reads both with their keys', async () => {
    const ground = await openEdited({})
    await ground.plainSourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: BYTES, ...customerKey(SOURCE_KEY) }))
    await ground.copy({}, { source, destination })
    const place = (client: S3Client, bucket: string, sse: ServerSideEncryption) => ({ client, bucket, key: 'key', profile: profileOf('aws'), sse })
    const clientOf = (endpoint: string, server: typeof ground.source): S3Client => new S3Client({ ...server.clientConfig, endpoint, maxAttempts: 1 })
    const [from, to] = [clientOf(ground.source.endpoint, ground.source), clientOf(ground.destination.endpoint, ground.destination)]
    try {
      const call = { source: place(from, 'from', source), destination: place(to, 'to', destination) }
      expect(await verifyObject(call)).toMatchObject({ verdict: 'verified' })
      const wrong = { ...call, destination: { ...call.destination, sse: source } }
      expect(await failure(verifyObject(wrong))).toMatchObject({ code: 'ERR_ACCESS_DENIED' })
    } finally {
      from.destroy()
      to.destroy()
    }
  })

  it('a store that does not say that it used the key: its ETag condemns nothing, and it is said', async () => {
    const silent = (request: EditorRequest, reply: EditableReply): void => {
      for (const name of Object.keys(reply.headers))
        if (name.includes('server-side-encryption') || name.startsWith('x-amz-checksum')) delete reply.headers[name]
      if (request.method !== 'POST' && reply.headers.etag !== undefined) reply.headers.etag = '"00112233445566778899aabbccddeeff"'
    }
    const ground = await openEdited({ source: silent, destination: silent })
    await ground.plainSourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: BYTES, ...customerKey(SOURCE_KEY) }))
    const result = await ground.copy({}, { source, destination })
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'destination-only', notCarried: [{ what: 'encryption', name: 'sse-c' }] })
  })

  it.each([
    ['http://203.0.113.1:9000', true],
    ['http://localhost.example.com', true],
    ['http://10.0.0.1', true],
    ['https://203.0.113.1', false],
    ['http://127.0.0.1:9000', false],
    ['http://localhost:9000', false],
    ['http://[::1]:9000', false],
    [undefined, false],
  ])('never leaves this machine in plain text: %s refused: %s', async (endpoint, refused) => {
    const client = new S3Client({
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      ...(endpoint === undefined ? {} : { endpoint }),
    })
    const opened = createS3ObjectStore({ client, profile: profileOf('aws'), side: 'source', sse: source, transport: 'sdk' })
    try {
      if (refused) {
        const error = await failure(opened)
        expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION', context: { option: 'source.sse' } })
        expect(error.message).not.toContain(Buffer.from(SOURCE_KEY).toString('base64'))
      } else (await opened).close()
    } finally {
      client.destroy()
    }
  })

  it('an object that Amazon copied: CopyObject of an encrypted one has an ETag of its own', async () => {
    const ground = await openGround({})
    await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'first', Body: BYTES }))
    await ground.sourceClient.send(new CopyObjectCommand({ Bucket: 'from', Key: 'key', CopySource: 'from/first', ServerSideEncryption: 'aws:kms' }))
    expect(await migrateObject(ground.options())).toMatchObject({ verdict: 'verified' })
  })
})

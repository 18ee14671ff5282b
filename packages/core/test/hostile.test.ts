import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { ListObjectVersionsCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { genericProfile, migrateObject, type ObjectResult, SealiftError, verifyObject } from '@sealift/core'
import type { FaultRule, S3TestServer } from '@sealift/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { chooseProfile } from '../src/migration/provider-choice.ts'
import { MIB, openGround, patternBytes, profileOf } from './copy-ground.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

/** A reply on its way back to the client; a test changes it. */
interface Reply {
  readonly method: string
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

/** Something between client and server that changes replies. */
async function liar(server: S3TestServer, lie: (reply: Reply) => void): Promise<S3Client> {
  const proxy = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('error', () => {})
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const options = { host: '127.0.0.1', port: server.port, method: incoming.method, path: incoming.url, headers: incoming.headers }
      const forwarded = httpRequest(options, (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (chunk: Buffer) => parts.push(chunk))
        answer.on('end', () => {
          const reply: Reply = {
            method: incoming.method ?? '',
            status: answer.statusCode ?? 0,
            headers: { ...answer.headers },
            body: Buffer.concat(parts),
          }
          lie(reply)
          for (const [name, value] of Object.entries(reply.headers)) if (value !== undefined) outgoing.setHeader(name, value)
          outgoing.writeHead(reply.status)
          outgoing.end(reply.body)
        })
      })
      forwarded.on('error', () => outgoing.destroy())
      forwarded.end(Buffer.concat(chunks))
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const client = new S3Client({ ...server.clientConfig, endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, maxAttempts: 1 })
  open.push(async () => {
    client.destroy()
    proxy.closeAllConnections()
    await new Promise((resolve) => proxy.close(resolve))
  })
  return client
}

/** The result of a copy, whatever its verdict. */
async function outcome(call: Promise<ObjectResult>): Promise<ObjectResult> {
  return call.catch((error: unknown) => {
    if (SealiftError.is(error) && error.result !== undefined) return error.result as ObjectResult
    throw error
  })
}

/** Unpacks on GET, as stores do that promise their clients plain bytes; the stored object stays packed. */
function unpacking(plain: Buffer): (reply: Reply) => void {
  return (reply) => {
    if (reply.method !== 'GET' || reply.status !== 200) return
    reply.headers['content-encoding'] = undefined
    reply.headers['content-length'] = String(plain.byteLength)
    reply.body = plain
  }
}

const parted = { layout: 'own', partSizeBytes: 5 * MIB } as const

describe('what is between us and the store', () => {
  it('a cache that holds wrong bytes under the right ETag: two reads of it prove nothing', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', patternBytes(5000))
    const client = await liar(ground.source, (reply) => {
      if (reply.method !== 'GET') return
      reply.headers['age'] = '12'
      reply.body[100] = (reply.body[100] ?? 0) ^ 1
    })
    const options = ground.options()
    const result = await outcome(migrateObject({ ...options, source: { ...options.source, client } }))
    expect(result).toMatchObject({ verdict: 'unverified', assurance: 'none' })
  })

  it('a destination that unpacks what it gives out: nothing is condemned, nothing is deleted', async () => {
    const ground = await openGround()
    const plain = patternBytes(5000)
    await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', Key: 'key', Body: gzipSync(plain), ContentEncoding: 'gzip' }))
    const client = await liar(ground.destination, unpacking(plain))
    const options = ground.options()
    const result = await outcome(migrateObject({ ...options, destination: { ...options.destination, client, profile: genericProfile } }))
    expect(result.verdict).toBe('unverified')
    expect(result.evidence.filter((item) => item.outcome === 'mismatch')).toEqual([])
    expect(ground.destination.peek('to', 'key')).toEqual(gzipSync(plain))
  })

  it('nor does a comparison condemn it', async () => {
    const ground = await openGround()
    const plain = patternBytes(5000)
    const packed = { Key: 'key', Body: gzipSync(plain), ContentEncoding: 'gzip' }
    await ground.sourceClient.send(new PutObjectCommand({ Bucket: 'from', ...packed }))
    await ground.destinationClient.send(new PutObjectCommand({ Bucket: 'to', ...packed }))
    const client = await liar(ground.destination, unpacking(plain))
    const options = ground.verifyOptions()
    const result = await outcome(verifyObject({ ...options, destination: { ...options.destination, client } }))
    expect(result.verdict).toBe('unverified')
  })

  it('weak ETags name nothing: somebody else’s object under an equal one is not condemned and not deleted', async () => {
    const ground = await openGround()
    const foreign = patternBytes(5000, 7)
    ground.source.put('from', 'key', patternBytes(5000))
    let puts = 0
    const client = await liar(ground.destination, (reply) => {
      if (reply.headers['etag'] !== undefined) reply.headers['etag'] = 'W/"5000-1"'
      if (reply.method === 'PUT' && puts++ === 0) ground.destination.put('to', 'key', foreign)
    })
    const options = ground.options('key', { attempts: 1 })
    const result = await outcome(migrateObject({ ...options, destination: { ...options.destination, client, profile: genericProfile } }))
    expect(result.verdict).toBe('unverified')
    expect(ground.destination.peek('to', 'key')).toEqual(foreign)
  })

  it('weak ETags do not keep a read-back from proving', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', patternBytes(5000))
    const client = await liar(ground.destination, (reply) => {
      if (typeof reply.headers['etag'] === 'string') reply.headers['etag'] = `W/${reply.headers['etag']}`
    })
    const options = ground.options()
    const result = await migrateObject({ ...options, destination: { ...options.destination, client, profile: genericProfile } })
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
  })
})

describe('what is left at the destination', () => {
  it('wrong versions go, all of them, so that the version before them is the current one again', async () => {
    const faults: FaultRule[] = [{ match: { operation: 'PutObject', times: 'always' }, action: { kind: 'flip', leg: 'rest', at: 3 } }]
    const ground = await openGround({ destinationServer: { faults } })
    await ground.destinationClient.send(new PutBucketVersioningCommand({ Bucket: 'to', VersioningConfiguration: { Status: 'Enabled' } }))
    ground.destination.put('to', 'key', 'the good one before')
    ground.source.put('from', 'key', patternBytes(5000))
    const result = await outcome(migrateObject(ground.options('key', { verify: { readBack: 'always' } })))
    expect(result).toMatchObject({ verdict: 'mismatch', attempts: 3 })
    const { Versions } = await ground.destinationClient.send(new ListObjectVersionsCommand({ Bucket: 'to' }))
    expect(Versions).toHaveLength(1)
    expect(ground.destination.peek('to', 'key')?.toString()).toBe('the good one before')
  })

  it('an abort while uploads are listed after a lost Create: the upload whose id is known is aborted', async () => {
    const abort = new AbortController()
    const stop = new Error('stop')
    const faults: FaultRule[] = [
      { match: { operation: 'CreateMultipartUpload' }, action: { kind: 'lost-reply' } },
      { match: { operation: 'ListMultipartUploads' }, action: { kind: 'hook', when: 'before-forward', run: () => abort.abort(stop) } },
    ]
    const ground = await openGround({ destinationServer: { faults } })
    ground.source.put('from', 'key', patternBytes(6 * MIB))
    await expect(migrateObject(ground.options('key', { ...parted, signal: abort.signal }))).rejects.toBe(stop)
    expect(ground.destination.requestCounts['AbortMultipartUpload']).toBe(1)
    // only the one whose id nobody knows
    expect(ground.destination.uploads()).toHaveLength(1)
  })

  it('a Create that is answered by nothing until time is up is reported', async () => {
    const faults: FaultRule[] = [
      { match: { operation: 'CreateMultipartUpload' }, action: { kind: 'hook', when: 'before-reply', run: () => new Promise<void>(() => {}) } },
    ]
    const ground = await openGround({ destinationServer: { faults } })
    ground.source.put('from', 'key', patternBytes(6 * MIB))
    const result = await outcome(migrateObject(ground.options('key', { ...parted, timeoutMs: 1000 })))
    expect(result).toMatchObject({ verdict: 'failed', error: { code: 'ERR_TIMEOUT' }, orphans: [{ bucket: 'to', key: 'key', uploadId: null }] })
  })
})

describe('replies that are lost or denied', () => {
  it('Complete lost, ListParts denied: a Complete that finds no upload says that it is done', async () => {
    const faults: FaultRule[] = [
      { match: { operation: 'CompleteMultipartUpload' }, action: { kind: 'lost-reply' } },
      { match: { operation: 'ListParts', times: 'always' }, action: { kind: 'status', status: 403, code: 'AccessDenied' } },
    ]
    const ground = await openGround({ destination: 'minio', destinationServer: { faults } })
    ground.source.put('from', 'key', patternBytes(6 * MIB))
    const result = await migrateObject(ground.options('key', { ...parted, attempts: 1 }))
    expect(result).toMatchObject({ verdict: 'verified', orphans: [] })
  })

  it('Complete lost under SSE-KMS: the ETag cannot be foretold, the bytes decide', async () => {
    const faults: FaultRule[] = [{ match: { operation: 'CompleteMultipartUpload' }, action: { kind: 'lost-reply' } }]
    const ground = await openGround({ destinationServer: { faults } })
    ground.source.put('from', 'key', patternBytes(6 * MIB))
    const options = ground.options('key', { ...parted, attempts: 1 })
    const result = await migrateObject({ ...options, destination: { ...options.destination, sse: { kind: 'sse-kms' } } })
    expect(result.verdict).toBe('verified')
    expect(result.evidence).toContainEqual(expect.objectContaining({ method: 'read-back', outcome: 'match' }))
  })

  it('a read-back that is refused once is asked again; the copy is not made again', async () => {
    const faults: FaultRule[] = [{ match: { operation: 'GetObject' }, action: { kind: 'status', status: 503 } }]
    const ground = await openGround({ destinationServer: { faults } })
    ground.source.put('from', 'key', patternBytes(5000))
    const result = await migrateObject(ground.options('key', { attempts: 1, verify: { readBack: 'always' } }))
    expect(result.verdict).toBe('verified')
    expect(ground.destination.requestCounts['PutObject']).toBe(1)
  })

  it("overwrite 'never': what an earlier try of ours wrote without a reply is ours, not a reason to skip", async () => {
    const faults: FaultRule[] = [
      { match: { operation: 'PutObject', times: 4 }, action: { kind: 'lost-reply' } },
      { match: { operation: 'HeadObject', nth: 3, times: 4 }, action: { kind: 'status', status: 503 } },
    ]
    // Swift does not heed If-None-Match on PUT
    const ground = await openGround({ destination: 'swift', destinationServer: { faults } })
    ground.source.put('from', 'key', patternBytes(5000))
    const result = await migrateObject(ground.options('key', { overwrite: 'never' }))
    expect(result).toMatchObject({ verdict: 'verified', attempts: 2 })
  })
})

describe('reads of the source', () => {
  it("secondRead 'always' is made before a streamed write, too", async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', patternBytes(6 * MIB))
    const result = await migrateObject(ground.options('key', { memoryBytes: 5 * MIB, verify: { secondRead: 'always' } }))
    expect(result).toMatchObject({ verdict: 'verified', route: 'single' })
    expect(result.evidence).toContainEqual(expect.objectContaining({ method: 'second-read', outcome: 'match' }))
    expect(ground.source.requestCounts['GetObject']).toBe(2)
  })

  it('a comparison says that it is the source that contradicts itself', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', patternBytes(5000))
    ground.source.corruptAtRest('from', 'key', 5)
    ground.destination.put('to', 'key', ground.source.peek('from', 'key') ?? '')
    const result = await outcome(verifyObject(ground.verifyOptions()))
    expect(result).toMatchObject({ verdict: 'mismatch', error: { code: 'ERR_SOURCE_INCONSISTENT' } })
  })
})

describe('a directory bucket', () => {
  it('has ETags that are no digests, whatever the profile of the endpoint says', async () => {
    const location = { client: new S3Client({ region: 'us-east-1' }), profile: profileOf('aws') }
    const { signal } = new AbortController()
    const directory = await chooseProfile('source', { ...location, bucket: 'fast--use1-az4--x-s3' }, undefined, signal)
    expect(directory.etag).toMatchObject({ single: 'no', multipart: 'no', part: 'no' })
    expect((await chooseProfile('source', { ...location, bucket: 'plain' }, undefined, signal)).etag.single).toBe('yes')
  })
})

describe('a store or gateway that says more than it should', () => {
  it('a reply that was unpacked on the way out is refused: its bytes are not the stored ones', async () => {
    const ground = await openGround()
    const stored = gzipSync(patternBytes(20_000))
    ground.source.put('from', 'key', stored)
    const unpacks = await liar(ground.source, (reply) => {
      if (reply.method !== 'GET') return
      reply.body = patternBytes(20_000)
      reply.headers['content-length'] = String(reply.body.length)
      reply.headers['x-goog-stored-content-encoding'] = 'gzip'
    })
    const { source, ...rest } = ground.options('key')
    const result = await outcome(migrateObject({ ...rest, source: { ...source, client: unpacks, profile: genericProfile }, attempts: 2 }))
    expect(result).toMatchObject({ verdict: 'failed', error: { code: 'ERR_TRANSFER' } })
    expect(ground.destination.peek('to', 'key')).toBeNull()
  })

  it('an error code that repeats the request is not repeated', async () => {
    const ground = await openGround()
    ground.source.put('from', 'key', patternBytes(100))
    const repeats = await liar(ground.source, (reply) => {
      reply.status = 400
      reply.body = Buffer.from('<Error><Code>Bad\nAuthorization: AWS4-HMAC-SHA256 Credential=AKID, Signature=abcdef</Code></Error>')
      reply.headers = { 'content-type': 'application/xml', 'content-length': String(reply.body.length) }
    })
    const { source, ...rest } = ground.options('key')
    const error = await migrateObject({ ...rest, source: { ...source, client: repeats } }).catch((thrown: unknown) => thrown)
    expect(SealiftError.is(error)).toBe(true)
    expect(JSON.stringify([error, (error as Error).message])).not.toMatch(/Signature|Credential/)
  })
})

import { type ChecksumAlgorithm, compositeChecksum, genericProfile, type HashAlgorithm, type ProviderProfile, StreamingHasher } from '@sealift/core'
import { profiles } from '@sealift/provider-detect'
import { describe, expect, it } from 'vitest'
import { patternBytes } from '../copy-ground.ts'
import { openEdited } from '../edited-ground.ts'
import { cut, uploadParts } from '../engine/upload-parts.ts'
import type { EditableReply, EditorRequest } from '../reply-editor.ts'

const ALGORITHMS: readonly ChecksumAlgorithm[] = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256', 'sha512', 'md5', 'xxhash64', 'xxhash3', 'xxhash128']
const BYTES = patternBytes(100_003, 3)

async function digestOf(algorithm: HashAlgorithm, bytes: Uint8Array = BYTES): Promise<Buffer> {
  const hasher = await StreamingHasher.create([algorithm])
  hasher.update(bytes)
  return Buffer.from(String((hasher.digests() as unknown as Record<string, string>)[algorithm]), 'hex')
}

/** Replies of the kit's own that say something of an object: none of its digests is left, and the ETag is no digest. */
function bare(request: EditorRequest, reply: EditableReply, etag = '"no-digest"'): boolean {
  if (request.url.includes('tagging') || request.url.includes('attributes') || reply.status >= 300) return false
  for (const name of Object.keys(reply.headers)) if (name.startsWith('x-amz-checksum')) delete reply.headers[name]
  if (reply.headers.etag !== undefined) reply.headers.etag = etag
  return request.method === 'GET' || request.method === 'HEAD'
}

const flipped = (digest: Buffer): Buffer => Buffer.from(digest.map((byte, at) => (at === 0 ? byte ^ 1 : byte)))

describe('a stored checksum of the whole source object is what proves it', () => {
  for (const algorithm of ALGORITHMS) {
    it(`${algorithm}: equal proves end-to-end, a wrong one twice condemns, and nothing is written then`, async () => {
      const digest = await digestOf(algorithm)
      let value = digest
      const ground = await openEdited({
        source: (request, reply) => {
          if (bare(request, reply))
            Object.assign(reply.headers, { [`x-amz-checksum-${algorithm}`]: value.toString('base64'), 'x-amz-checksum-type': 'FULL_OBJECT' })
        },
      })
      ground.source.put('from', 'key', BYTES)
      const result = await ground.copy()
      expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
      expect(result.evidence).toContainEqual(
        expect.objectContaining({
          leg: 'source',
          method: 'stored-checksum',
          algorithm,
          type: 'FULL_OBJECT',
          expected: digest.toString('hex'),
          outcome: 'match',
        }),
      )
      expect(ground.source.requests.filter(({ operation }) => operation === 'GetObject')).toHaveLength(1)
      value = flipped(digest)
      ground.destination.clearRequests()
      expect(await ground.copy()).toMatchObject({ verdict: 'mismatch', error: { code: 'ERR_SOURCE_INCONSISTENT' } })
      expect(ground.destination.requests).toEqual([])
    })
  }
})

describe('a composite checksum over the known layout', () => {
  const minPartBytes = 64 * 1024
  const sizes = [minPartBytes, minPartBytes, 12_345]
  const bytes = patternBytes(
    sizes.reduce((sum, size) => sum + size, 0),
    4,
  )

  it.each(ALGORITHMS)('%s: equal proves; a wrong one never condemns, and the bytes are read twice', async (algorithm) => {
    const parts = await Promise.all(cut(bytes, sizes).map((part) => digestOf(algorithm, part)))
    const { value } = compositeChecksum(algorithm, parts)
    let shown = value
    const ground = await openEdited({
      minPartBytes,
      source: (request, reply) => {
        if (bare(request, reply, '"0123456789abcdef0123456789abcdef-3"') && !request.url.includes('partNumber'))
          Object.assign(reply.headers, { [`x-amz-checksum-${algorithm}`]: shown, 'x-amz-server-side-encryption': 'aws:kms' })
      },
    })
    await uploadParts(ground.plainSourceClient, { bucket: 'from', key: 'key' }, cut(bytes, sizes))
    const result = await ground.copy()
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', parts: { count: 3 } })
    expect(result.evidence).toContainEqual(
      expect.objectContaining({ leg: 'source', method: 'stored-checksum', algorithm, type: 'COMPOSITE', outcome: 'match' }),
    )
    shown = `${(await digestOf(algorithm, Buffer.from('else'))).toString('base64')}-3`
    const doubtful = await ground.copy()
    expect(doubtful).toMatchObject({ verdict: 'verified', assurance: 'destination-only' })
    expect(doubtful.evidence).toContainEqual(expect.objectContaining({ leg: 'source', method: 'second-read', outcome: 'match' }))
  })
})

describe('headers of vendors', () => {
  const vendor = (name: 'gcs' | 'oss' | 'cos'): ProviderProfile => {
    const profile = (profiles as Readonly<Record<string, ProviderProfile | undefined>>)[name]
    if (profile === undefined) throw new Error(`no profile ${name}`)
    return profile
  }

  it.each([
    ['both values, in two lines', ['crc32c', 'md5'], true],
    ['both values, in one line', ['crc32c', 'md5'], false],
    ['a composed object has no MD5', ['crc32c'], true],
  ] as const)('x-goog-hash: %s', async (_, names, lines) => {
    const values = await Promise.all(names.map(async (name) => `${name}=${(await digestOf(name)).toString('base64')}`))
    const ground = await openEdited({
      source: (request, reply) => {
        if (bare(request, reply, '"-CNuT8bnYlpEDEAE="')) reply.headers['x-goog-hash'] = lines ? values : values.join(',')
      },
      sourceProfile: vendor('gcs'),
    })
    ground.source.put('from', 'key', BYTES)
    const result = await ground.copy()
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
    const matched = result.evidence.filter(({ method, leg, outcome }) => leg === 'source' && method === 'stored-checksum' && outcome === 'match')
    expect(matched.map(({ algorithm }) => algorithm).sort()).toEqual([...names].sort())
  })

  it('x-goog-hash proves the write as well: one GET, one PUT, one HEAD', async () => {
    const value = `crc32c=${(await digestOf('crc32c')).toString('base64')}`
    const ground = await openEdited({
      source: (request, reply) => {
        if (bare(request, reply, '"opaque"')) reply.headers['x-goog-hash'] = value
      },
      destination: (request, reply) => {
        if (bare(request, reply, '"opaque-too"') || request.method === 'PUT') reply.headers['x-goog-hash'] = value
      },
      sourceProfile: vendor('gcs'),
      destinationProfile: { ...vendor('gcs'), checksums: { ...vendor('gcs').checksums, contentMd5: 'no' } },
    })
    ground.source.put('from', 'key', BYTES)
    const result = await ground.copy()
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
    expect(ground.destination.requestCounts).toEqual({ PutObject: 1, HeadObject: 1 })
  })

  it.each(['oss', 'cos'] as const)('x-%s-hash-crc64ecma is an unsigned decimal of 64 bits', async (name) => {
    const digest = (await digestOf('crc64ecma')).readBigUInt64BE()
    let shown = digest
    const ground = await openEdited({
      source: (request, reply) => {
        if (bare(request, reply, '"4F1B6D5F4C6D6F5F4C6D6F5F4C6D6F5F-7"')) reply.headers[`x-${name}-hash-crc64ecma`] = String(shown)
      },
      sourceProfile: vendor(name),
    })
    ground.source.put('from', 'key', BYTES)
    expect(await ground.copy()).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
    shown = digest ^ (1n << 63n)
    expect(await ground.copy()).toMatchObject({ verdict: 'mismatch', error: { code: 'ERR_SOURCE_INCONSISTENT' } })
  })

  it('of a store whose profile does not list them are not believed', async () => {
    const value = (await digestOf('crc64ecma')).readBigUInt64BE()
    const ground = await openEdited({
      source: (request, reply) => {
        if (bare(request, reply)) reply.headers['x-oss-hash-crc64ecma'] = String(value)
      },
      sourceProfile: genericProfile,
    })
    ground.source.put('from', 'key', BYTES)
    expect(await ground.copy()).toMatchObject({ verdict: 'verified', assurance: 'destination-only' })
  })
})

describe('ETags', () => {
  const etags = ['"ABC"', 'opaque', '"d41d8cd98f00b204e9800998ecf8427e-N"', 'W/"abc"', '"CRC64NVME-AAAAAAAAAAA="', '"7b9c-1"']

  it.each(etags)('%s is no digest: two reads, destination-only', async (etag) => {
    const ground = await openEdited({ source: (request, reply) => void bare(request, reply, etag) })
    ground.source.put('from', 'key', BYTES)
    expect(await ground.copy()).toMatchObject(
      // a weak ETag pins nothing, so that no second read can be held to the first
      etag.startsWith('W/') ? { verdict: 'unverified' } : { verdict: 'verified', assurance: 'destination-only' },
    )
  })

  const styles: readonly [string, (etag: string) => string][] = [
    ['upper case', (etag) => etag.toUpperCase()],
    ['without quotes', (etag) => etag.replaceAll('"', '')],
    ['both', (etag) => etag.replaceAll('"', '').toUpperCase()],
  ]

  it.each(styles)('%s, at both ends, of one PUT and of parts: two requests, or what parts take', async (_, change) => {
    const edit = (request: EditorRequest, reply: EditableReply): void => {
      // the server behind the editor wants the parts' own back
      if (request.method === 'PUT' && request.url.includes('partNumber')) return
      const { etag } = reply.headers
      if (typeof etag === 'string') reply.headers.etag = change(etag)
      reply.body = Buffer.from(
        reply.body.toString('latin1').replace(/<ETag>(.*?)<\/ETag>/g, (__, etag: string) => `<ETag>${change(etag.replaceAll('&quot;', '"'))}</ETag>`),
        'latin1',
      )
      if (reply.headers['content-length'] !== undefined && reply.body.byteLength > 0) reply.headers['content-length'] = String(reply.body.byteLength)
    }
    const ground = await openEdited({ source: edit, destination: edit, personalities: { source: 'ceph', destination: 'ceph' } })
    ground.source.put('from', 'key', BYTES)
    expect(await ground.copy()).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', requests: 2 })
    const bytes = patternBytes(11 * 1024 * 1024, 9)
    await uploadParts(ground.plainSourceClient, { bucket: 'from', key: 'key' }, cut(bytes, [8 * 1024 * 1024, 3 * 1024 * 1024]))
    const result = await ground.copy()
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', parts: { count: 2, origin: 'derived' }, requests: 6 })
    expect(ground.destination.peek('to', 'key')?.equals(bytes)).toBe(true)
  })

  it("MinIO's <hex>-1: a one-part upload proves, a random one condemns nothing", async () => {
    let etag: string | null = null
    const ground = await openEdited({
      source: (request, reply) => {
        if (etag !== null) bare(request, reply, etag)
      },
      personalities: { source: 'minio' },
    })
    const one = await uploadParts(ground.plainSourceClient, { bucket: 'from', key: 'key' }, [BYTES])
    expect(await ground.copy()).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', source: { etag: one } })
    etag = '"00112233445566778899aabbccddeeff-1"'
    ground.source.put('from', 'key', BYTES)
    const random = await ground.copy()
    expect(random).toMatchObject({ verdict: 'verified', assurance: 'destination-only' })
    expect(random.evidence).toContainEqual(expect.objectContaining({ leg: 'source', method: 'second-read', outcome: 'match' }))
  })

  it('of before a provider changed its rule (R2: 2023-06-21): no claim, no derivation', async () => {
    const bytes = patternBytes(11 * 1024 * 1024, 9)
    const ground = await openEdited({
      source: (request, reply) => {
        bare(request, reply, '"00112233445566778899aabbccddeeff-2"')
        if (reply.headers['last-modified'] !== undefined) reply.headers['last-modified'] = 'Tue, 20 Jun 2023 23:59:59 GMT'
      },
      personalities: { source: 'r2' },
    })
    ground.source.put('from', 'key', bytes)
    const result = await ground.copy()
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'destination-only' })
    expect(result.evidence).toContainEqual(
      expect.objectContaining({ leg: 'source', method: 'etag-multipart', outcome: 'not-comparable', reason: 'the provider does not vouch for it' }),
    )
  })
})

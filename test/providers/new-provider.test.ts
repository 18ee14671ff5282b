import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { S3Client } from '@aws-sdk/client-s3'
import { type MigrateObjectOptions, migrateObject, type ObjectResult, SealiftError } from '@sealift/core'
import { createProviderRegistry, detectProvider, detectProviderFromHost, recommendedClientConfig } from '@sealift/provider-detect'
import { generatedBytes, PERSONALITIES, type S3TestServer, startS3Server } from '@sealift/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AddedStore } from '../evidence-matrix/added-store.ts'
import { matrixStores } from '../evidence-matrix/evidence-table.ts'
import { legsOf } from '../evidence-matrix/matrix-plan.ts'
import { runEvidence } from '../evidence-matrix/run-evidence.ts'
import type { RunReport } from '../evidence-matrix/run-shards.ts'
import { openStoreHouse } from '../evidence-matrix/store-house.ts'
import { exampleCloud, exampleStore, exampleStorePersonality } from './example-store.ts'
import { matrixStore } from './example-store-matrix.ts'

const MATRIX_WITHIN_MS = 120_000

// CONTRIBUTING.md, "Adding a provider": this is that walk, with a provider that is in no table.
describe('a provider that is in no table', () => {
  const providers = createProviderRegistry([exampleStore, exampleCloud])
  const detect: NonNullable<MigrateObjectOptions['detect']> = (client, bucket, options) => detectProvider(client, bucket, { ...options, providers })
  let ceph: S3TestServer
  let example: S3TestServer
  let cephClient: S3Client
  let exampleClient: S3Client

  beforeAll(async () => {
    ceph = await startS3Server({ personality: 'ceph', buckets: ['old', 'back'] })
    example = await startS3Server({ personality: exampleStorePersonality, buckets: ['new'] })
    cephClient = new S3Client(ceph.clientConfig)
    exampleClient = new S3Client(example.clientConfig)
  })

  afterAll(async () => {
    cephClient?.destroy()
    exampleClient?.destroy()
    await ceph?.close()
    await example?.close()
  })

  it('is known by its replies', async () => {
    const detected = await detectProvider(exampleClient, 'new', { providers })
    expect({ id: detected.profile.id, confidence: detected.confidence }).toEqual({ id: 'example-store', confidence: 'certain' })
    expect((await detectProvider(cephClient, 'old', { providers })).profile.id).toBe('ceph')
    // without the definition nobody knows it
    expect(await detectProvider(exampleClient, 'new')).toMatchObject({ profile: { id: 'generic' }, confidence: 'unknown' })
  })

  it('is known by the names of the brand that runs it', () => {
    const detected = detectProviderFromHost('photos.s3.eu-1.example-cloud.example', { providers })
    expect(detected).toMatchObject({ profile: { id: 'example-cloud', etag: { single: 'yes' } }, region: 'eu-1', bucket: 'photos' })
    expect(detectProviderFromHost('s3.eu-1.example-cloud.example.attacker.net', { providers }).confidence).toBe('unknown')
    expect(detectProviderFromHost('s3.eu-1.example-cloud.example').confidence).toBe('unknown')
  })

  it('says how a client is set up', () => {
    const profile = providers.byId('example-store')?.profile
    expect(profile).toBeDefined()
    if (profile !== undefined)
      expect(recommendedClientConfig(profile, { providers })).toMatchObject({ forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' })
  })

  it.each([
    ['empty', 0],
    ['small', 100_000],
    ['of several parts', 12_000_000],
  ])('takes an object that is %s, and the verdict is verified from end to end', async (name, sizeBytes) => {
    const bytes = seeded(sizeBytes)
    ceph.put('old', name, bytes, { tags: { colour: 'blue' } })
    const result = await migrateObject({ ...places(name), partSizeBytes: 5 * 1024 ** 2, memoryBytes: 8 * 1024 ** 2 })
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', source: { provider: 'ceph' }, destination: { provider: 'example-store' } })
    expect(sha256(example.peek('new', name))).toBe(sha256(bytes))
    // its definition says that it has no tags
    expect(result.notCarried.map((lost) => lost.what)).toContain('tags')
    // and its ETag is trusted: nothing is read back
    expect(result.evidence.some((evidence) => evidence.method === 'read-back')).toBe(false)
  })

  it('gives the bytes back, verified from end to end by its own ETags', async () => {
    const bytes = seeded(50_000)
    example.put('new', 'return', bytes)
    const result = await migrateObject({
      source: { client: exampleClient, bucket: 'new', key: 'return' },
      destination: { client: cephClient, bucket: 'back' },
      detect,
    })
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end', source: { provider: 'example-store' } })
    expect(sha256(ceph.peek('back', 'return'))).toBe(sha256(bytes))
  })

  it('is caught when a byte has flipped at rest: what the definition is sure of, counts', async () => {
    example.put('new', 'rotten', seeded(50_000))
    example.corruptAtRest('new', 'rotten', 777)
    const rejected = await rejection({
      source: { client: exampleClient, bucket: 'new', key: 'rotten' },
      destination: { client: cephClient, bucket: 'back' },
      detect,
    })
    expect(rejected.error.code).toBe('ERR_SOURCE_INCONSISTENT')
    expect(rejected.result).toMatchObject({ verdict: 'mismatch', source: { provider: 'example-store' } })
  })

  it('refuses bytes that were flipped on their way in, and the second try is right', async () => {
    const bytes = seeded(50_000)
    ceph.put('old', 'flipped', bytes)
    example.setFaults([{ match: { operation: 'PutObject' }, action: { kind: 'flip', leg: 'request', at: 100 } }])
    const result = await migrateObject(places('flipped'))
    expect(example.firedFaults).toHaveLength(1)
    expect(result).toMatchObject({ verdict: 'verified', assurance: 'end-to-end' })
    expect(sha256(example.peek('new', 'flipped'))).toBe(sha256(bytes))
  })

  it(
    'runs through the evidence matrix, by the command of CONTRIBUTING.md: every kind and fault, to and from it',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'new-provider-'))
      try {
        const report = join(folder, 'report.json')
        // what `npm run evidence-matrix -- --store test/providers/example-store-matrix.ts` starts
        const words = ['--conditions=@sealift/source', 'test/evidence-matrix/main.ts', '--store', 'test/providers/example-store-matrix.ts', '--report', report]
        const { stderr } = await promisify(execFile)(process.execPath, words, { cwd: ROOT, timeout: MATRIX_WITHIN_MS })
        const { totals, deviations } = JSON.parse(await readFile(report, 'utf8')) as RunReport
        expect(deviations).toEqual([])
        // 5 kinds of objects by 5 faults on the way in, 4 ways to write by 7 faults on the way out and at rest, and the empty object both ways
        expect(totals).toMatchObject({ cells: 55, asExpected: 55, falseVerified: 0, falseMismatch: 0, hangs: 0, orphans: 0 })
        expect(stderr).toContain('55 as expected')
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
    MATRIX_WITHIN_MS,
  )

  it.each([
    ['distrusts ETags that are right', { ...matrixStore.profile, etag: { ...matrixStore.profile.etag, single: 'no' } }, 'small', 'none'],
    ['trusts ETags that are not digests', { ...matrixStore.profile, etag: { ...matrixStore.profile.etag, opaqueWith: [] } }, 'sse-kms', 'none'],
  ] as const)('the matrix shows a profile that %s', async (_, profile, kind, fault) => {
    const stores = matrixStores(PERSONALITIES)
    const wrong: AddedStore = { ...matrixStore, profile }
    const cells = legsOf(wrong.facts, stores).filter(({ cell }) => cell.id.endsWith(`/${kind}/${fault}`))
    const house = openStoreHouse(stores, 'wrong', wrong)
    try {
      const judged = await runEvidence(cells, house)
      expect(judged.length).toBe(2)
      expect(judged.flatMap(({ judgement }) => judgement.complaints)).not.toEqual([])
    } finally {
      await house.close()
    }
  })

  function places(key: string): MigrateObjectOptions {
    return { source: { client: cephClient, bucket: 'old', key }, destination: { client: exampleClient, bucket: 'new' }, detect }
  }
})

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

async function rejection(options: MigrateObjectOptions): Promise<{ readonly error: SealiftError; readonly result: ObjectResult }> {
  const error: unknown = await migrateObject(options).then(
    (result) => new Error(`it resolved: ${result.verdict}`),
    (reason: unknown) => reason,
  )
  if (!SealiftError.is(error)) throw error
  return { error, result: error.result as ObjectResult }
}

function seeded(sizeBytes: number): Uint8Array {
  return generatedBytes({ key: '', seed: 7 }, 0, sizeBytes)
}

function sha256(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : createHash('sha256').update(bytes).digest('hex')
}

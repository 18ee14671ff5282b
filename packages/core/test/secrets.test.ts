import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { abortUploads, listUploads, migrateObject, reportToConsole, SealiftError, SealiftEvents, verifyObject } from '@sealift/core'
import { SqliteResultStore } from '@sealift/store-sqlite'
import { type FaultRule, startS3Server } from '@sealift/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { SELF_SIGNED } from '../../../test/self-signed.ts'
import { EVENT_NAMES, MIB, openGround, patternBytes, profileOf } from './copy-ground.ts'
import { formsOf, LeakNet } from './leak-net.ts'
import { scriptedServer } from './scripted-server.ts'

const SOURCE_KEY = Uint8Array.from(randomBytes(32))
const DESTINATION_KEY = Uint8Array.from(randomBytes(32))
const WRONG_SECRET = 'wrongSecretOfTheSource0123456789abcdefgh'
const TOKEN = 'FwoGZXIvYXdzEDEaDHNlc3Npb24gdG9rZW4gZm9yIGEgdGVzdA'
const SOURCE = { accessKeyId: 'AKIASOURCESOURCE', secretAccessKey: 'sourceSecret/0123456789+abcdefghijklmnop' }
const DESTINATION = { accessKeyId: 'AKIADESTINATION0', secretAccessKey: 'destinationSecret/0123456789+abcdefghijk' }

/** None of these may occur anywhere. */
const SECRETS: Readonly<Record<string, string>> = {
  'source secret': SOURCE.secretAccessKey,
  'destination secret': DESTINATION.secretAccessKey,
  'wrong secret': WRONG_SECRET,
  'session token': TOKEN,
  ...formsOf('source SSE-C key', SOURCE_KEY),
  ...formsOf('destination SSE-C key', DESTINATION_KEY),
  signature: 'Signature=',
  'signed URL': 'X-Amz-Signature',
  'authorization header': 'AWS4-HMAC-SHA256 Credential',
}

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A net, and a store on disk whose file is searched too. */
function openNet(): { readonly net: LeakNet; readonly store: SqliteResultStore; readonly events: SealiftEvents; finish(): Promise<string[]> } {
  const net = new LeakNet()
  const folder = mkdtempSync(join(tmpdir(), 'sealift-secrets-'))
  folders.push(folder)
  const path = join(folder, 'audit.sqlite')
  const store = new SqliteResultStore({ path })
  const events = new SealiftEvents()
  for (const name of EVENT_NAMES) events.on(name, (payload: object) => net.addValue(`event ${name}`, payload))
  net.watch(EVENT_NAMES)
  reportToConsole(events, { verbose: true })
  return {
    net,
    store,
    events,
    async finish() {
      await store.close()
      net.stop()
      const database = new DatabaseSync(path, { readOnly: true })
      for (const table of ['migration_tasks', 'integrity_results', 'open_uploads', 'integrity_summary']) {
        for (const row of database.prepare(`select * from ${table}`).all()) net.add(`row of ${table}`, JSON.stringify(row))
      }
      database.close()
      for (const file of readdirSync(folder)) net.add('database file', readFileSync(join(folder, file)).toString('latin1'))
      return net.leaks(SECRETS)
    },
  }
}

/** The headers that hold secrets, the customer's key first: a message is cut somewhere. */
const secretHeaders = (headers: IncomingHttpHeaders): [string, string][] =>
  ['x-amz-server-side-encryption-customer-key', 'x-amz-security-token', 'authorization'].flatMap((name) => {
    const value = headers[name]
    return value === undefined ? [] : [[name, String(value)]]
  })

/** What a server that repeats all it was sent could say. */
const ECHOES: readonly (readonly [code: string, status: number, text: (headers: IncomingHttpHeaders) => string])[] = [
  [
    'AccessDenied',
    403,
    (headers) =>
      secretHeaders(headers)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n'),
  ],
  ['InternalError', 500, (headers) => JSON.stringify(Object.fromEntries(secretHeaders(headers))).replaceAll('"', '&quot;')],
  ['InvalidArgument', 400, (headers) => JSON.stringify(Object.fromEntries(secretHeaders(headers)))],
  ['InvalidRequest', 400, (headers) => JSON.stringify(Object.fromEntries(secretHeaders(headers).reverse()))],
  [
    'InvalidArgument',
    400,
    (headers) =>
      secretHeaders(headers)
        .map(([, value]) => value)
        .join(' '),
  ],
  [
    'InternalError',
    500,
    (headers) =>
      secretHeaders(headers)
        .reverse()
        .map(([, value]) => value)
        .join(' '),
  ],
  ['SignatureDoesNotMatch', 403, (headers) => `${headers.authorization}`],
  ['InvalidToken', 400, (headers) => `the token ${headers['x-amz-security-token']} is not valid`],
  ['MadeUp', 418, (headers) => new URLSearchParams(secretHeaders(headers)).toString()],
  ['NoSuchKey', 404, (headers) => `see http://store/from/key?X-Amz-Signature=0abc&X-Amz-Security-Token=${headers['x-amz-security-token']}`],
  ['NoSuchKey', 404, () => 'see /from/key?X-Amz-Credential=AKIA&X-Amz-Signature=0abc'],
]

async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const fault = (operation: NonNullable<FaultRule['match']['operation']>, action: FaultRule['action'], times: 'always' | 1 = 1): FaultRule => ({
  match: { operation, times },
  action,
})

describe('no secret leaves', () => {
  it('over copies that succeed and copies that fail', { timeout: 120_000 }, async () => {
    const { net, store, events, finish } = openNet()
    const encrypted = { source: { kind: 'sse-c', key: SOURCE_KEY } as const, destination: { kind: 'sse-c', key: DESTINATION_KEY } as const }
    const ground = await openGround({
      sourceServer: { buckets: ['from'], credentials: SOURCE },
      destinationServer: { buckets: ['to'], credentials: DESTINATION },
    })
    const clients: S3Client[] = []
    const client = (config: S3ClientConfig): S3Client => {
      const made = new S3Client({ region: 'us-east-1', forcePathStyle: true, maxAttempts: 1, ...config })
      clients.push(made)
      return made
    }
    const sourceClient = client({ endpoint: ground.source.endpoint, credentials: { ...SOURCE, sessionToken: TOKEN } })
    const destinationClient = client({ endpoint: ground.destination.endpoint, credentials: { ...DESTINATION, sessionToken: TOKEN } })
    const from = { client: sourceClient, bucket: 'from', key: 'key', profile: profileOf('aws') }
    const to = { client: destinationClient, bucket: 'to', profile: profileOf('aws') }
    const outcomes: string[] = []
    const note = async (name: string, call: Promise<unknown>): Promise<void> => {
      try {
        net.addValue(`result: ${name}`, await call)
        outcomes.push(`${name}: resolved`)
      } catch (error) {
        net.addValue(`error: ${name}`, error)
        outcomes.push(`${name}: ${SealiftError.is(error) ? error.code : String(error)}`)
      }
    }
    const common = { store, events, attempts: 1, settleMs: 100 }
    const small = { ...common, source: from, destination: to }
    const large = { ...common, source: { ...from, key: 'large' }, destination: to, memoryBytes: 5 * MIB, partSizeBytes: 5 * MIB }
    ground.source.put('from', 'key', 'some bytes')
    ground.source.put('from', 'large', patternBytes(11 * MIB))

    await note('small', migrateObject(small))
    await note('customer keys at the destination', migrateObject({ ...small, destination: { ...to, key: 'enc', sse: encrypted.destination } }))
    await note(
      'customer keys at both',
      migrateObject({
        ...small,
        source: { ...from, client: destinationClient, bucket: 'to', key: 'enc', sse: encrypted.destination },
        destination: { ...to, client: sourceClient, bucket: 'from', key: 'enc', sse: encrypted.source },
      }),
    )
    await note(
      'a wrong customer key',
      migrateObject({ ...small, source: { ...from, key: 'enc', sse: { kind: 'sse-c', key: DESTINATION_KEY } }, destination: { ...to, key: 'enc2' } }),
    )
    await note('customer keys in parts', migrateObject({ ...large, layout: 'own', destination: { ...to, sse: encrypted.destination } }))
    await note('verified', verifyObject({ source: from, destination: to, store, events }))
    await note('an owner that is none', migrateObject({ ...small, source: { ...from, expectedBucketOwner: 'a\nb' } }))
    await note(
      'wrong secret',
      migrateObject({
        ...small,
        source: {
          ...from,
          client: client({ endpoint: ground.source.endpoint, credentials: { ...SOURCE, secretAccessKey: WRONG_SECRET, sessionToken: TOKEN } }),
        },
      }),
    )
    await note(
      'wrong secret at the destination',
      migrateObject({
        ...small,
        destination: { ...to, client: client({ endpoint: ground.destination.endpoint, credentials: { ...DESTINATION, secretAccessKey: WRONG_SECRET } }) },
      }),
    )
    await note(
      'unknown access key',
      migrateObject({
        ...small,
        source: { ...from, client: client({ endpoint: ground.source.endpoint, credentials: { accessKeyId: 'AKIANOBODY', secretAccessKey: WRONG_SECRET } }) },
      }),
    )
    let asked = 0
    const failing = client({
      endpoint: ground.source.endpoint,
      credentials: async () => {
        asked++
        if (asked > 1) throw new Error(`vault said no to ${WRONG_SECRET} and ${TOKEN}`, { cause: new Error(WRONG_SECRET) })
        return { ...SOURCE, sessionToken: TOKEN, expiration: new Date(0) }
      },
    })
    await note('a credential provider that fails later', migrateObject({ ...small, source: { ...from, client: failing } }))
    await note('a credential provider that fails', migrateObject({ ...small, source: { ...from, client: failing } }))
    await note(
      'refused',
      migrateObject({ ...small, source: { ...from, client: client({ endpoint: `http://127.0.0.1:${await closedPort()}`, credentials: SOURCE }) } }),
    )
    const secure = await startS3Server({ buckets: ['from'], credentials: SOURCE, tls: SELF_SIGNED })
    await note(
      'TLS',
      migrateObject({ ...small, source: { ...from, client: client({ endpoint: secure.endpoint, credentials: { ...SOURCE, sessionToken: TOKEN } }) } }),
    )
    await secure.close()

    const faults: readonly (readonly [name: string, source: FaultRule[], destination: FaultRule[]])[] = [
      ['expired token', [fault('GetObject', { kind: 'status', status: 400, code: 'ExpiredToken' })], []],
      ['403', [], [fault('PutObject', { kind: 'status', status: 403, code: 'AccessDenied' })]],
      ['503', [fault('GetObject', { kind: 'status', status: 503, retryAfterSeconds: 0 }, 'always')], []],
      ['lost replies', [], [fault('PutObject', { kind: 'lost-reply' })]],
      ['200 with an error', [], [fault('PutObject', { kind: 'error-in-200' }, 'always')]],
      ['cut', [fault('GetObject', { kind: 'truncate', leg: 'response', at: 3 }, 'always')], []],
      ['reset', [fault('GetObject', { kind: 'reset', leg: 'response', at: 3 }, 'always')], []],
      ['corrupted at rest', [], [fault('PutObject', { kind: 'flip', leg: 'rest', at: 0 })]],
    ]
    for (const [name, source, destination] of faults) {
      ground.source.setFaults(source)
      ground.destination.setFaults(destination)
      await note(name, migrateObject({ ...small, verify: { readBack: 'always' }, onMismatch: 'keep' }))
    }
    ground.source.setFaults([])
    ground.destination.setFaults([fault('CompleteMultipartUpload', { kind: 'error-in-200' }, 'always')])
    await note('Complete fails', migrateObject({ ...large, destination: { ...to, key: 'never', sse: encrypted.destination } }))
    ground.destination.setFaults([])
    await note('listUploads', listUploads({ ...to, prefix: 'x' }))
    await note(
      'abortUploads',
      abortUploads({ client: client({ endpoint: ground.destination.endpoint, credentials: { ...DESTINATION, secretAccessKey: WRONG_SECRET } }), bucket: 'to' }),
    )

    for (const [code, status, text] of ECHOES) {
      const script = await scriptedServer((request, reply) => {
        reply.writeHead(status, { 'content-type': 'application/xml' })
        reply.end(`<Error><Code>${code}</Code><Message>${text(request.headers)}</Message></Error>`)
      })
      const echo = client({ endpoint: script.endpoint, credentials: { ...SOURCE, sessionToken: TOKEN } })
      await note(`echoed as ${code}`, migrateObject({ ...small, source: { ...from, client: echo, sse: encrypted.source } }))
      await note(`echoed as ${code} at the destination`, migrateObject({ ...small, destination: { ...to, client: echo, sse: encrypted.source } }))
      await script[Symbol.asyncDispose]()
    }

    const signedUrl = 'https://s3/from/key?X-Amz-Signature=00112233&X-Amz-Credential=AKIA'
    for (const [name, wrong] of Object.entries({
      'a signed URL as a source': { source: signedUrl },
      'a signed URL as a bucket': { source: { ...from, bucket: signedUrl } },
      'credentials as a client': { source: { ...from, client: { ...SOURCE } } },
      'a key of 31 bytes': { source: { ...from, sse: { kind: 'sse-c', key: SOURCE_KEY.subarray(1) } } },
      'a key as base64': { source: { ...from, sse: { kind: 'sse-c', key: Buffer.from(SOURCE_KEY).toString('base64') } } },
      'a key as sse': { source: { ...from, sse: Buffer.from(SOURCE_KEY).toString('base64') } },
      'a key as kind': { source: { ...from, sse: { kind: Buffer.from(SOURCE_KEY).toString('base64') } } },
    })) {
      await note(name, migrateObject({ ...small, ...wrong } as never))
    }
    for (const one of clients) one.destroy()

    const leaks = await finish()
    // the set is what it says it is: both kinds of outcome, and every source of text
    expect(outcomes.filter((line) => line.endsWith('resolved')).length).toBeGreaterThanOrEqual(6)
    const codes = new Set(outcomes.map((line) => line.split(': ').at(-1)))
    for (const code of ['ERR_CREDENTIALS', 'ERR_ACCESS_DENIED', 'ERR_TRANSFER', 'ERR_THROTTLED', 'ERR_INTEGRITY_MISMATCH', 'ERR_INVALID_OPTION']) {
      expect(codes, outcomes.join('\n')).toContain(code)
    }
    const places = new Set(net.caught.map(({ where }) => where.split(' ')[0]?.split(':')[0]))
    for (const place of ['error', 'result', 'event', 'diagnostics_channel', 'console.log', 'row', 'database']) expect([...places]).toContain(place)
    expect(leaks).toEqual([])
  })
})

describe('the test itself', () => {
  const plants: Readonly<Record<string, (planted: ReturnType<typeof openNet>, secret: string) => Promise<void> | void>> = {
    'an error’s message': ({ net }, secret) => net.addValue('error', new Error(`with ${secret}`)),
    'a cause of a cause': ({ net }, secret) => net.addValue('error', new Error('a', { cause: new Error('b', { cause: { headers: { x: secret } } }) })),
    'a hidden property': ({ net }, secret) => net.addValue('error', Object.defineProperty(new Error('a'), '$response', { value: { inner: { deep: secret } } })),
    'a result on an error': ({ net }, secret) =>
      net.addValue('error', Object.assign(new SealiftError('ERR_TRANSFER', 'a'), { result: { error: { message: secret } } })),
    'an event': ({ events }, secret) => void events.emit('store:retry', { taskId: 't', reason: secret }),
    'a console line': (_, secret) => console.log(`[INTEGRITY] ${secret}`),
    'a row': async ({ store }, secret) => void (await store.startTask({ taskId: 't', source: secret, destination: 'b', options: {}, optionsDigest: null })),
  }

  it.each(Object.entries(plants))('finds what is planted in %s', async (_, plant) => {
    for (const name of ['source secret', 'session token', 'source SSE-C key (base64)', 'signature'] as const) {
      const planted = openNet()
      await planted.store.open()
      await plant(planted, `around ${SECRETS[name]} it`)
      expect((await planted.finish()).filter((leak) => leak.startsWith(name))).not.toEqual([])
    }
  })

  it('finds a key that is printed as bytes', async () => {
    const planted = openNet()
    await planted.store.open()
    planted.net.addValue('error', Object.assign(new Error('a'), { sse: { key: SOURCE_KEY }, copy: Buffer.from(DESTINATION_KEY) }))
    const leaks = await planted.finish()
    expect(leaks.some((leak) => leak.startsWith('source SSE-C key (numbers'))).toBe(true)
    expect(leaks.some((leak) => leak.startsWith('destination SSE-C key (inspected)'))).toBe(true)
  })
})

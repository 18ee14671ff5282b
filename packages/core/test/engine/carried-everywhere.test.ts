import { S3Client } from '@aws-sdk/client-s3'
import { type MigrateObjectOptions, migrateObject, type NotCarried, type ObjectResult, type ProviderProfile } from '@sealift/core'
import { profiles } from '@sealift/provider-detect'
import { PERSONALITIES, type Personality, type PutPastProtocolOptions, type S3TestServer, type StoredDescription, startS3Server } from '@sealift/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { MIB, patternBytes } from '../copy-ground.ts'
import { EVERYTHING, EXPECTATIONS, type Expectation, KINDS, type Kind } from './carried-expectations.ts'

/** The smallest part that the option takes, and a byte. */
const PART_BYTES = 5 * MIB
const BYTES = { whole: patternBytes(2500, 81), parts: patternBytes(PART_BYTES + 1, 82) } as const
const SHAPES = ['whole', 'parts'] as const
type Shape = (typeof SHAPES)[number]
const CARRY = { acl: true, retention: true, legalHold: true } as const

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

interface Store {
  readonly server: S3TestServer
  readonly client: S3Client
  readonly profile: ProviderProfile
}

async function openStore(expectation: Expectation): Promise<Store> {
  const { personality, profile: id } = expectation
  const server = await startS3Server({ personality, buckets: ['from'] })
  server.createBucket('to', { objectLock: server.personality.features.objectLock === 'yes' })
  const client = new S3Client({ ...server.clientConfig, maxAttempts: 1 })
  open.push({
    async close() {
      client.destroy()
      await server.close()
    },
  })
  const profile = profiles[id]
  if (profile === undefined) throw new Error(`no profile ${id}`)
  // the generic profile does not allow a reply without an ETag
  return { server, client, profile: personality === 'generic-no-etag' ? { ...profile, etag: { ...profile.etag, mayBeAbsent: true } } : profile }
}

async function copy(from: Store, to: Store, shape: Shape, extra: Partial<MigrateObjectOptions> = {}): Promise<ObjectResult> {
  const requestPayer = 'requester'
  return migrateObject({
    source: { client: from.client, bucket: 'from', key: 'key', profile: from.profile, requestPayer },
    destination: { client: to.client, bucket: 'to', profile: to.profile, requestPayer },
    carry: CARRY,
    hashes: ['md5'],
    settleMs: 600,
    accept: ['verified', 'unverified'],
    ...(shape === 'whole' ? {} : { layout: 'own', partSizeBytes: PART_BYTES }),
    ...extra,
  })
}

/** What of everything a store can have, by what its personality answers to a client that writes it. */
function holdable({ features, names }: Personality): PutPastProtocolOptions {
  const { retention, legalHold, tags, grants, storageClass, headers, metadata, contentType } = EVERYTHING
  const { 'x-amz-website-redirect-location': redirect, ...plain } = headers
  const { under_score, ...named } = metadata
  return {
    contentType,
    headers: features.websiteRedirect === 'yes' ? { ...plain, 'x-amz-website-redirect-location': redirect } : plain,
    metadata: { ...named, [names.underscoreInMetadata === 'kept' ? 'under_score' : 'under-score']: under_score },
    ...(features.storageClasses === 'any' || features.storageClasses.includes(storageClass) ? { storageClass } : {}),
    ...(features.tagging === 'yes' ? { tags } : {}),
    ...(features.acl === 'yes' ? { grants } : {}),
    ...(features.objectLock === 'yes' ? { retention, legalHold } : {}),
  }
}

/** On plain HTTP, bytes of a source that says no ETag have nothing to be compared with, and can be read once only. */
function verdictFrom({ personality }: Expectation): 'verified' | 'unverified' {
  return personality === 'generic-no-etag' ? 'unverified' : 'verified'
}

/** Text as it means, however it is written: RFC 2047 words or plain. */
function meaning(text: string): string {
  return text.replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, way: string, body: string) =>
    way.toUpperCase() === 'B' ? Buffer.from(body, 'base64').toString() : decodeURIComponent(body.replaceAll('_', '%20').replaceAll('=', '%')),
  )
}

/** Everything that an object has beside its bytes, one line each: `header expires`, `tag team`, …, by what it means. */
function itemsOf({ headers, metadata, storageClass, tags, grants, retention, legalHold }: StoredDescription): ReadonlyMap<string, string> {
  const items = new Map<string, string>()
  for (const [name, value] of Object.entries(headers)) items.set(name === 'x-amz-website-redirect-location' ? 'website-redirect' : `header ${name}`, value)
  for (const [name, value] of Object.entries(metadata)) items.set(`metadata ${name}`, meaning(value))
  for (const [name, value] of Object.entries(tags)) items.set(`tags ${name}`, value)
  for (const { grantee, permission } of grants) items.set(`acl ${grantee}`, permission)
  if (retention !== null) items.set('retention', `${retention.mode} ${Date.parse(retention.until)}`)
  if (legalHold) items.set('legal-hold', 'ON')
  // the class that a store gives by itself is no choice of anybody
  if (storageClass !== 'STANDARD' && storageClass !== 'EXPRESS_ONEZONE') items.set('storage-class', storageClass)
  return items
}

/** Whether a line of `notCarried` speaks of that item. */
function speaksOf({ what, name }: NotCarried, item: string): boolean {
  return what === item || item === `${what} ${name}` || (name === null && item.startsWith(`${what} `)) || (what === 'acl' && item.startsWith('acl '))
}

/** Items of the source that neither arrived as they were nor are listed. */
function lostWithoutAWord(source: StoredDescription, destination: StoredDescription, notCarried: readonly NotCarried[]): string[] {
  const held = itemsOf(destination)
  return [...itemsOf(source)]
    .filter(([item, value]) => held.get(item) !== value && !notCarried.some((line) => speaksOf(line, item)))
    .map(([item, value]) => `${item}: ${value}, at the destination: ${held.get(item)}`)
}

/** Lines of `notCarried` about what is there all the same. */
function listedThoughThere(source: StoredDescription, destination: StoredDescription, notCarried: readonly NotCarried[]): string[] {
  const held = itemsOf(destination)
  return [...itemsOf(source)].filter(([item, value]) => held.get(item) === value && notCarried.some((line) => speaksOf(line, item))).map(([item]) => item)
}

function atRest({ server }: Store, bucket: 'from' | 'to'): StoredDescription {
  const description = server.describe(bucket, 'key')
  if (description === null) throw new Error(`nothing is in ${bucket}`)
  return description
}

/** What became of the kinds that not every store holds, as it is at rest; a kind that is half there is neither. */
function fatesOf(source: StoredDescription, destination: StoredDescription): Readonly<Record<Kind, string>> {
  const [had, has] = [itemsOf(source), itemsOf(destination)]
  const fate = (kind: Kind): string => {
    const items = [...had.keys()].filter((item) => (kind === 'lock' ? item === 'retention' || item === 'legal-hold' : item.split(' ')[0] === kind))
    if (items.length === 0) return 'none'
    if (items.every((item) => had.get(item) === has.get(item))) return 'kept'
    return items.some((item) => had.get(item) === has.get(item)) ? 'half kept' : 'listed'
  }
  return Object.fromEntries(KINDS.map((kind) => [kind, fate(kind)])) as Record<Kind, string>
}

const expectationOf = (personality: string): Expectation => {
  const found = EXPECTATIONS.find((expectation) => expectation.personality === personality)
  if (found === undefined) throw new Error(`no expectation for ${personality}`)
  return found
}
const CELLS = EXPECTATIONS.flatMap((expectation) => SHAPES.map((shape) => [expectation.personality, shape, expectation] as const))

it('every personality has its expectations', () => {
  expect(EXPECTATIONS.map(({ personality }) => personality).sort()).toEqual([...PERSONALITIES].sort())
})

describe('an object that has everything, to each store', () => {
  it.each(CELLS)('%s, %s: what it holds arrives, what it does not is listed', async (_, shape, expectation) => {
    const from = await openStore(expectationOf('aws'))
    const to = await openStore(expectation)
    from.server.put('from', 'key', BYTES[shape], EVERYTHING)
    const result = await copy(from, to, shape)
    expect(result).toMatchObject({ verdict: 'verified', route: shape === 'whole' ? 'single' : 'multipart' })
    const [source, destination] = [atRest(from, 'from'), atRest(to, 'to')]
    expect(fatesOf(source, destination)).toEqual(expectation.fates)
    expect(lostWithoutAWord(source, destination, result.notCarried)).toEqual([])
    expect(listedThoughThere(source, destination, result.notCarried)).toEqual([])
    expect(destination.metadata[expectation.renames ? 'under-score' : 'under_score']).toBe('u')
  })
})

describe('an object that has all that its store can have, to Amazon', () => {
  // how it is written there is the same for all of them
  it.each(EXPECTATIONS.map((expectation) => [expectation.personality, expectation] as const))('%s: nothing is lost without a word', async (_, expectation) => {
    const from = await openStore(expectation)
    const to = await openStore(expectationOf('aws'))
    from.server.put('from', 'key', BYTES.whole, holdable(from.server.personality))
    const result = await copy(from, to, 'whole')
    expect(result).toMatchObject({ verdict: verdictFrom(expectation), route: 'single' })
    const [source, destination] = [atRest(from, 'from'), atRest(to, 'to')]
    expect(lostWithoutAWord(source, destination, result.notCarried)).toEqual([])
    expect(listedThoughThere(source, destination, result.notCarried)).toEqual([])
    // of what a source may have, Amazon lacks the ACL, and the classes of others
    for (const [kind, fate] of Object.entries(fatesOf(source, destination))) {
      if (fate !== 'none' && kind !== 'acl' && kind !== 'storage-class') expect([kind, fate]).toEqual([kind, 'kept'])
    }
  })
})

describe('a copy inside the endpoint', () => {
  it.each(CELLS)('%s, %s: what the store has arrives, or is listed', async (_, shape, expectation) => {
    const store = await openStore(expectation)
    store.server.put('from', 'key', BYTES[shape], holdable(store.server.personality))
    const result = await copy(store, store, shape, { serverSideCopy: true })
    // without an ETag nothing holds the copy to what was read
    const refused = expectation.personality === 'generic-no-etag'
    expect(result).toMatchObject({ verdict: verdictFrom(expectation), route: refused ? (shape === 'whole' ? 'single' : 'multipart') : 'server-side' })
    const [source, destination] = [atRest(store, 'from'), atRest(store, 'to')]
    expect(lostWithoutAWord(source, destination, result.notCarried)).toEqual([])
    expect(listedThoughThere(source, destination, result.notCarried)).toEqual([])
    const expected = Object.entries(fatesOf(source, destination)).map(([kind, fate]) => [kind, fate === 'none' ? 'none' : expectation.fates[kind as Kind]])
    expect(fatesOf(source, destination)).toEqual(Object.fromEntries(expected))
  })
})

describe('user metadata that a store takes in part', () => {
  it.each(['ceph', 'spaces'] as const)('%s: two names that become one: the one that is so by itself stays, the others are listed', async (personality) => {
    const from = await openStore(expectationOf('aws'))
    const to = await openStore(expectationOf(personality))
    from.server.put('from', 'key', BYTES.whole, { metadata: { 'a-b': 'dash', a_b: 'underscore', 'c-d_e': 'first', 'c_d-e': 'second', f_g: 'alone' } })
    const result = await copy(from, to, 'whole')
    expect(atRest(to, 'to').metadata).toEqual({ 'a-b': 'dash', 'c-d-e': 'first', 'f-g': 'alone' })
    expect(result.notCarried.map(({ what, name, reason }) => [what, name, reason.includes('which another entry has')])).toEqual([
      ['metadata', 'a_b', true],
      ['metadata', 'c-d_e', false],
      ['metadata', 'c_d-e', true],
      ['metadata', 'f_g', false],
    ])
  })

  it('swift: a value that passes 256 bytes only as it is sent', async () => {
    const from = await openStore(expectationOf('aws'))
    const to = await openStore(expectationOf('swift'))
    // 200 bytes of UTF-8; 4 words of 75 characters at most, with their frames
    from.server.put('from', 'key', BYTES.whole, { metadata: { long: 'ü'.repeat(100), short: 'ü'.repeat(20) } })
    const result = await copy(from, to, 'whole')
    expect(result.notCarried).toEqual([{ what: 'metadata', name: 'long', reason: expect.stringContaining('takes 256') }])
    expect(Object.fromEntries(Object.entries(atRest(to, 'to').metadata).map(([name, value]) => [name, meaning(value)]))).toEqual({ short: 'ü'.repeat(20) })
  })

  it('aws: all together as they are sent', async () => {
    const from = await openStore(expectationOf('minio'))
    const to = await openStore(expectationOf('aws'))
    from.server.put('from', 'key', BYTES.whole, { metadata: { a: 'x'.repeat(1000), b: 'ü'.repeat(400), c: 'y' } })
    const result = await copy(from, to, 'whole')
    expect(result.notCarried).toEqual([{ what: 'metadata', name: 'b', reason: expect.stringContaining('2048') }])
    expect(Object.keys(atRest(to, 'to').metadata)).toEqual(['a', 'c'])
  })
})

import type { PersonalityName, PutPastProtocolOptions } from '@sealift/testing'

/** Kinds of metadata that not every store holds; the others (system headers, user metadata) every store does. */
export const KINDS = ['website-redirect', 'tags', 'storage-class', 'acl', 'lock'] as const
export type Kind = (typeof KINDS)[number]

/** `kept`: it arrives; `listed`: it does not, and `notCarried` says so. */
export type Fate = 'kept' | 'listed'

/**
 * What becomes of each kind at a store, by what the facts about it say (its documentation and source code; section 5 of the list of providers, and
 * what was measured of Ceph and Swift), with what they leave open taken for "no": an ACL at Amazon, where new buckets refuse them; a redirect,
 * object lock or ACL that no document grants. A class that the store lacks becomes its default, and is listed.
 */
const FATES = `
  personality             website-redirect  tags    storage-class  acl     lock    profile
  aws                     kept              kept    kept           listed  kept    aws
  minio                   listed            kept    listed         listed  kept    minio
  ceph                    kept              kept    listed         kept    kept    ceph
  swift                   listed            listed  listed         listed  listed  swift
  r2                      listed            listed  kept           listed  listed  r2
  b2                      listed            listed  listed         listed  kept    b2
  wasabi                  listed            kept    listed         listed  kept    wasabi
  gcs                     listed            listed  listed         listed  listed  gcs
  spaces                  listed            kept    listed         kept    listed  spaces
  oss                     listed            listed  listed         listed  listed  oss
  storj                   listed            kept    listed         listed  listed  storj
  garage                  listed            listed  listed         listed  listed  garage
  seaweedfs               listed            kept    listed         listed  listed  seaweedfs
  express                 listed            listed  listed         listed  listed  express
  generic                 listed            kept    listed         listed  listed  generic
  generic-opaque          listed            kept    listed         listed  listed  generic
  generic-plain-md5       listed            kept    listed         listed  listed  generic
  generic-upper-case      listed            kept    listed         listed  listed  generic
  generic-no-etag         listed            kept    listed         listed  listed  generic
  generic-echo            listed            kept    listed         listed  listed  generic
  generic-careless        listed            kept    listed         listed  listed  generic
  generic-gzip            listed            kept    listed         listed  listed  generic
  generic-cached          listed            kept    listed         listed  listed  generic
  generic-retention       kept              kept    kept           listed  kept    aws
  generic-requester-pays  kept              kept    kept           listed  kept    aws`

export interface Expectation {
  readonly personality: PersonalityName
  readonly fates: Readonly<Record<Kind, Fate>>
  /** the profile that the engine is told */
  readonly profile: string
  /** `_` in the names of user metadata becomes `-`: Ceph, measured */
  readonly renames: boolean
}

export const EXPECTATIONS: readonly Expectation[] = FATES.trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [personality = '', ...cells] = line.trim().split(/\s+/)
    return {
      personality: personality as PersonalityName,
      fates: Object.fromEntries(KINDS.map((kind, at) => [kind, cells[at]])) as Record<Kind, Fate>,
      profile: cells[KINDS.length] ?? '',
      renames: personality === 'ceph' || personality === 'spaces',
    }
  })

const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers'

export interface Everything extends PutPastProtocolOptions {
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>> & { readonly 'x-amz-website-redirect-location': string }
  readonly metadata: Readonly<Record<string, string>> & { readonly under_score: string }
  readonly storageClass: string
  readonly tags: NonNullable<PutPastProtocolOptions['tags']>
  readonly grants: NonNullable<PutPastProtocolOptions['grants']>
  readonly retention: NonNullable<PutPastProtocolOptions['retention']>
  readonly legalHold: boolean
}

/** An object that has something of every kind. */
export const EVERYTHING: Everything = {
  contentType: 'text/x-thing; charset=utf-8',
  headers: {
    'cache-control': 'max-age=60, public',
    'content-disposition': 'attachment; filename="a b.txt"',
    'content-encoding': 'br',
    'content-language': 'de, en',
    expires: 'Tue, 01 Jan 2030 00:00:00 GMT',
    'x-amz-website-redirect-location': '/elsewhere',
  },
  metadata: {
    plain: 'a value; b=2',
    empty: '',
    raw: 'Größe ✓',
    // `zwei ü` and `drei ö`, as a client sends them that knows RFC 2047
    'encoded-b': '=?UTF-8?B?endlaSDDvA==?=',
    'encoded-q': '=?UTF-8?Q?drei_=C3=B6?=',
    UPPER: 'Case',
    under_score: 'u',
  },
  storageClass: 'STANDARD_IA',
  tags: { team: 'storage', 'colour of ü': 'deep blue ö' },
  grants: [{ grantee: ALL_USERS, permission: 'READ' }],
  retention: { mode: 'GOVERNANCE', until: '2099-01-02T03:04:05.000Z' },
  legalHold: true,
}

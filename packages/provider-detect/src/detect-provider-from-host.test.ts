import { SealiftError } from '@sealift/core'
import { describe, expect, it } from 'vitest'
import { detectProviderFromHost } from './detect-provider-from-host.ts'
import { createProviderRegistry } from './provider-registry.ts'

const R2_ACCOUNT = '023e105f4ecef8ad9ca31a8372d0c353'

// host; id; region; bucket. Names as the vendors document them.
const KNOWN: readonly (readonly [host: string, id: string, region: string | null, bucket: string | null])[] = [
  ['s3.amazonaws.com', 'aws', null, null],
  ['photos.s3.amazonaws.com', 'aws', null, 'photos'],
  ['a.b.c.s3.amazonaws.com', 'aws', null, 'a.b.c'],
  ['s3.us-west-2.amazonaws.com', 'aws', 'us-west-2', null],
  ['photos.s3.eu-central-1.amazonaws.com', 'aws', 'eu-central-1', 'photos'],
  ['S3.AP-Northeast-1.AmazonAWS.com', 'aws', 'ap-northeast-1', null],
  ['s3.us-east-1.amazonaws.com:443', 'aws', 'us-east-1', null],
  ['s3.us-east-1.amazonaws.com.', 'aws', 'us-east-1', null],
  ['s3.us-east-1.amazonaws.com.:443', 'aws', 'us-east-1', null],
  ['s3-us-west-2.amazonaws.com', 'aws', 'us-west-2', null],
  ['photos.s3-eu-west-1.amazonaws.com', 'aws', 'eu-west-1', 'photos'],
  ['s3-external-1.amazonaws.com', 'aws', null, null],
  ['s3.dualstack.us-west-2.amazonaws.com', 'aws', 'us-west-2', null],
  ['photos.s3.dualstack.ap-southeast-4.amazonaws.com', 'aws', 'ap-southeast-4', 'photos'],
  ['s3-fips.us-east-2.amazonaws.com', 'aws', 'us-east-2', null],
  ['photos.s3-fips.dualstack.ca-central-1.amazonaws.com', 'aws', 'ca-central-1', 'photos'],
  ['photos.s3-accelerate.amazonaws.com', 'aws', null, 'photos'],
  ['photos.s3-accelerate.dualstack.amazonaws.com', 'aws', null, 'photos'],
  ['bucket.vpce-1a2b3c4d-5e6f.s3.us-east-1.vpce.amazonaws.com', 'aws', 'us-east-1', null],
  ['photos.bucket.vpce-1a2b3c4d-5e6f.s3.us-east-1.vpce.amazonaws.com', 'aws', 'us-east-1', 'photos'],
  ['s3.us-gov-west-1.amazonaws.com', 'aws-govcloud', 'us-gov-west-1', null],
  ['photos.s3-fips.us-gov-east-1.amazonaws.com', 'aws-govcloud', 'us-gov-east-1', 'photos'],
  ['s3-fips-us-gov-west-1.amazonaws.com', 'aws-govcloud', 'us-gov-west-1', null],
  ['s3.cn-north-1.amazonaws.com.cn', 'aws-china', 'cn-north-1', null],
  ['photos.s3.dualstack.cn-northwest-1.amazonaws.com.cn', 'aws-china', 'cn-northwest-1', 'photos'],
  ['ap-123456789012.s3-accesspoint.us-west-2.amazonaws.com', 'aws-access-point', 'us-west-2', null],
  ['ap-123456789012.s3-accesspoint.dualstack.us-west-2.amazonaws.com', 'aws-access-point', 'us-west-2', null],
  ['ap-123456789012.s3-accesspoint-fips.us-west-2.amazonaws.com', 'aws-access-point', 'us-west-2', null],
  ['ap-123456789012.s3-accesspoint.cn-north-1.amazonaws.com.cn', 'aws-access-point', 'cn-north-1', null],
  ['mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com', 'aws-access-point', null, null],
  ['accesspoint.vpce-1a2b3c4d-5e6f.s3.us-east-1.vpce.amazonaws.com', 'aws-access-point', 'us-east-1', null],
  ['ap-abc123-s3alias.s3.us-west-2.amazonaws.com', 'aws-access-point', 'us-west-2', null],
  ['ap-abc123-ext-s3alias.s3.us-west-2.amazonaws.com', 'aws-access-point', 'us-west-2', null],
  ['ol-123456789012.s3-object-lambda.us-west-2.amazonaws.com', 'aws-object-lambda', 'us-west-2', null],
  ['ol-abc123--ol-s3.s3.us-west-2.amazonaws.com', 'aws-object-lambda', 'us-west-2', null],
  ['photos--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com', 'express', 'us-west-2', 'photos--usw2-az1--x-s3'],
  ['s3express-use1-az4.us-east-1.amazonaws.com', 'express', 'us-east-1', null],
  ['photos--apne1-az1--x-s3.s3express-apne1-az1.dualstack.ap-northeast-1.amazonaws.com', 'express', 'ap-northeast-1', 'photos--apne1-az1--x-s3'],
  ['photos--usw2-az1--x-s3.s3.us-west-2.amazonaws.com', 'express', 'us-west-2', null],
  [`${R2_ACCOUNT}.r2.cloudflarestorage.com`, 'r2', null, null],
  [`photos.${R2_ACCOUNT}.r2.cloudflarestorage.com`, 'r2', null, 'photos'],
  [`${R2_ACCOUNT}.eu.r2.cloudflarestorage.com`, 'r2', null, null],
  ['s3.us-west-004.backblazeb2.com', 'b2', 'us-west-004', null],
  ['photos.s3.eu-central-003.backblazeb2.com', 'b2', 'eu-central-003', 'photos'],
  ['s3.wasabisys.com', 'wasabi', null, null],
  ['photos.s3.ap-northeast-1.wasabisys.com', 'wasabi', 'ap-northeast-1', 'photos'],
  ['nyc3.digitaloceanspaces.com', 'spaces', 'nyc3', null],
  ['photos.fra1.digitaloceanspaces.com', 'spaces', 'fra1', 'photos'],
  ['storage.googleapis.com', 'gcs', null, null],
  ['photos.example.com.storage.googleapis.com', 'gcs', null, 'photos.example.com'],
  ['axnamespace1.compat.objectstorage.eu-frankfurt-1.oraclecloud.com', 'oracle', 'eu-frankfurt-1', null],
  ['s3.us-south.cloud-object-storage.appdomain.cloud', 'ibm-cos', 'us-south', null],
  ['photos.s3.private.eu-de.cloud-object-storage.appdomain.cloud', 'ibm-cos', 'eu-de', 'photos'],
  ['s3.direct.ams03.cloud-object-storage.appdomain.cloud', 'ibm-cos', 'ams03', null],
  ['s3.dal.us.cloud-object-storage.appdomain.cloud', 'ibm-cos', 'dal', null],
  ['photos.oss-cn-hangzhou.aliyuncs.com', 'oss', 'cn-hangzhou', 'photos'],
  ['s3.oss-us-west-1.aliyuncs.com', 'oss', 'us-west-1', null],
  ['photos.oss-cn-hangzhou-internal.aliyuncs.com', 'oss', 'cn-hangzhou', 'photos'],
  ['photos.oss-accelerate.aliyuncs.com', 'oss', null, 'photos'],
  ['photos-1250000000.cos.ap-guangzhou.myqcloud.com', 'cos', 'ap-guangzhou', 'photos-1250000000'],
  ['photos-1250000000.cos.accelerate.myqcloud.com', 'cos', null, 'photos-1250000000'],
  ['photos.obs.eu-west-101.myhuaweicloud.com', 'obs', 'eu-west-101', 'photos'],
  ['s3.fr-par.scw.cloud', 'scaleway', 'fr-par', null],
  ['photos.s3.nl-ams.scw.cloud', 'scaleway', 'nl-ams', 'photos'],
  ['s3.gra.io.cloud.ovh.net', 'ovh', 'gra', null],
  ['photos.s3.eu-west-par.io.cloud.ovh.net', 'ovh', 'eu-west-par', 'photos'],
  ['fsn1.your-objectstorage.com', 'hetzner', 'fsn1', null],
  ['photos.us-southeast-1.linodeobjects.com', 'linode', 'us-southeast-1', 'photos'],
  ['ewr1.vultrobjects.com', 'vultr', 'ewr1', null],
  ['photos.sos-ch-gva-2.exo.io', 'exoscale', 'ch-gva-2', 'photos'],
  ['a1b2.la.idrivee2-12.com', 'idrive-e2', null, null],
  ['gateway.storjshare.io', 'storj', null, null],
  ['photos.gateway.eu1.storjshare.io', 'storj', 'eu1', 'photos'],
  ['eu2.contabostorage.com', 'contabo', 'eu2', null],
  ['us-east.object.fastlystorage.app', 'fastly', 'us-east', null],
  ['photos.t3.storage.dev', 'tigris', null, 'photos'],
  ['fly.storage.tigris.dev', 'tigris', null, null],
  ['abcdefghijklmnopqrst.storage.supabase.co', 'supabase', null, null],
  ['abcdefghijklmnopqrst.supabase.co', 'supabase', null, null],
  ['s3.localhost.localstack.cloud:4566', 'localstack', null, null],
]

// look-alikes, other services of the same vendor, names that are no host names, addresses
const NOBODYS: readonly string[] = [
  's3.amazonaws.com.example.net',
  's3.amazonaws.com.evil.com',
  's3.us-east-1.amazonaws.com.evil.com',
  's3-amazonaws.com',
  's3.amazonaws-com.net',
  's3amazonaws.com',
  'evils3.amazonaws.com',
  'amazonaws.com',
  's3.amazonaws.co',
  's3.amazonaws.com.br',
  's3.amazonaws.com.cn',
  's3.us-east-1.amazonaws.com.cn',
  's3.cn-north-1.amazonaws.com',
  's3.amazonaws.org',
  's3.us-east-1.arnazonaws.com',
  's3.us-east-1.amazonaws.com.s3.evil.com',
  's3.us-east-1.evil.amazonaws.com',
  's3.dualstack.amazonaws.com',
  's3.us-east.amazonaws.com',
  's3.us-east-12.amazonaws.com',
  's3-control.us-east-1.amazonaws.com',
  's3-outposts.us-east-1.amazonaws.com',
  'photos.s3-website-us-east-1.amazonaws.com',
  'photos.s3-website.us-east-2.amazonaws.com',
  's3express-control.us-east-1.amazonaws.com',
  's3express-evil.us-east-1.amazonaws.com',
  'ec2.us-east-1.amazonaws.com',
  'bucket.vpce-1a2b.s3.us-east-1.vpce.amazonaws.com.evil.com',
  'x.y.s3-accesspoint.us-west-2.amazonaws.com',
  's3-accesspoint.us-west-2.amazonaws.com',
  'my_bucket.s3.amazonaws.com',
  's3..amazonaws.com',
  '.s3.amazonaws.com',
  's3.amazonaws.com..',
  '-photos.s3.amazonaws.com',
  'photos-.s3.amazonaws.com',
  'ab.s3.amazonaws.com',
  's3.аmazonaws.com',
  's3.amazonaws。com',
  'ｓ3.amazonaws.com',
  's3.us-\u212aast-1.amazonaws.com',
  'xn--s3-amazonaws-9db.com',
  'xn--photos-9db.s3.amazonaws.com',
  's3.amazonaws.com:port',
  's3.amazonaws.com:443:443',
  'user@s3.amazonaws.com',
  'https://s3.amazonaws.com',
  's3.amazonaws.com/photos',
  's3.amazonaws.com#.evil.com',
  's3.amazonaws.com%2eevil.com',
  's3.amazonaws.com\u0000.evil.com',
  's3.amazonaws.com\n',
  ' s3.amazonaws.com',
  'xs3.wasabisys.com',
  's3.wasabisys.com.evil.com',
  's3.wasabisys.co',
  'console.wasabisys.com',
  's3.us-west-4.backblazeb2.com',
  'f004.backblazeb2.com',
  's3.us-west-004.backblazeb2.com.evil.com',
  'r2.cloudflarestorage.com',
  'r2.cloudflarestorage.com.attacker.net',
  `${R2_ACCOUNT}.r2.cloudflarestorage.com.attacker.net`,
  'evil.r2.cloudflarestorage.com',
  `${R2_ACCOUNT}0.r2.cloudflarestorage.com`,
  `${R2_ACCOUNT}.xx.r2.cloudflarestorage.com`,
  'pub-023e105f4ecef8ad9ca31a8372d0c353.r2.dev',
  'photos.nyc3.cdn.digitaloceanspaces.com',
  'digitaloceanspaces.com',
  'nyc3.digitaloceanspaces.com.evil.com',
  'nyc3-digitaloceanspaces.com',
  'nyc33.digitaloceanspaces.com',
  'storage.googleapis.com.evil.com',
  'storage-googleapis.com',
  'www.googleapis.com',
  'compat.objectstorage.eu-frankfurt-1.oraclecloud.com',
  'a.b.compat.objectstorage.eu-frankfurt-1.oraclecloud.com',
  'objectstorage.eu-frankfurt-1.oraclecloud.com',
  'oss.aliyuncs.com',
  'evil-oss-cn-hangzhou.aliyuncs.com',
  'cos.myqcloud.com',
  's3.fr-par.scw.cloud.evil.com',
  's3.fr-par.scw.cloudy',
  's3.gra.cloud.ovh.net',
  'your-objectstorage.com',
  'a1b2.la.idrivee2-evil.com',
  'a1b2.la.idrivee2-1234.com',
  'idrivee2-12.com',
  'photos.eu2.contabostorage.com',
  'short.supabase.co',
  'db.abcdefghijklmnopqrst.supabase.co',
  'localhost',
  'localhost:9000',
  's3.localhost',
  '127.0.0.1',
  '127.0.0.1:9000',
  '10.0.0.1',
  '[::1]',
  '[::1]:9000',
  '::1',
  'minio',
  'minio.internal',
  's3.example.com',
  '',
  '.',
  ':443',
  'com',
  `${'a'.repeat(64)}.s3.amazonaws.com`,
  `${'a.'.repeat(126)}s3.amazonaws.com`,
]

describe('detectProviderFromHost', () => {
  it('is tried with at least a hundred names, half of them nobody’s', () => {
    expect(KNOWN.length + NOBODYS.length).toBeGreaterThanOrEqual(100)
    expect(NOBODYS.length).toBeGreaterThanOrEqual(KNOWN.length)
    expect(new Set([...KNOWN.map(([host]) => host), ...NOBODYS]).size).toBe(KNOWN.length + NOBODYS.length)
  })

  it.each(KNOWN)('%s is %s, region %s, bucket %s', (host, id, region, bucket) => {
    const detected = detectProviderFromHost(host)
    expect({ id: detected.profile.id, region: detected.region, bucket: detected.bucket }).toEqual({ id, region, bucket })
    expect(detected.confidence).toBe('likely')
    expect(detected.provider.profile).toBe(detected.profile)
    expect(detected.reasons).toHaveLength(1)
  })

  it.each(NOBODYS)('%j is nobody’s', (host) => {
    const detected = detectProviderFromHost(host)
    expect(detected).toMatchObject({ confidence: 'unknown', region: null, bucket: null })
    expect(detected.profile.id).toBe('generic')
    expect(detected.reasons).toHaveLength(1)
  })

  it.each([...KNOWN.map(([host]) => host.replace(/\.?(?::\d+)?$/, '')), 's3.example.com'])('%s with another name behind it is nobody’s', (host) => {
    expect(detectProviderFromHost(`${host}.attacker.example`).profile.id).toBe('generic')
  })

  it.each([null, undefined, 7, {}, ['s3.amazonaws.com']])('%j is no host', (host) => {
    const call = (): unknown => detectProviderFromHost(host as string)
    expect(call).toThrow(SealiftError)
    expect(call).toThrow(/option host: expected a host name/)
  })

  it.each([
    ['photos--usw2-az1--x-s3', 'express'],
    ['photos--usw2-az1--xa-s3', 'express'],
    ['ap-abc123-s3alias', 'aws-access-point'],
    ['ol-abc123--ol-s3', 'aws-object-lambda'],
    ['photos', 'aws'],
    ['my_bucket', 'aws'],
    ['arn:aws:s3:us-west-2:123456789012:accesspoint/x', 'aws'],
    ['', 'aws'],
  ])('at an endpoint of AWS the bucket %j makes it %s', (bucket, id) => {
    const detected = detectProviderFromHost('s3.us-west-2.amazonaws.com', { bucket })
    expect(detected).toMatchObject({ profile: { id }, region: 'us-west-2', bucket: null })
  })

  it('does not let a bucket name make somebody of an unknown host', () => {
    expect(detectProviderFromHost('example.com', { bucket: 'x.s3.amazonaws.com' }).confidence).toBe('unknown')
    expect(detectProviderFromHost('127.0.0.1', { bucket: 'photos--usw2-az1--x-s3' }).confidence).toBe('unknown')
  })

  it('finds providers of the caller, also by an address or localhost where they name exactly that', () => {
    const providers = createProviderRegistry([
      {
        profile: { extends: 'ceph', id: 'ours', name: 'Our Ceph', sources: [] },
        hosts: ['**.s3.{region}.example.org', '10.1.2.3', 'localhost'],
        labels: { region: 'north|south' },
      },
      { profile: { extends: 'minio', id: 'lab', name: 'Lab', sources: [] }, hosts: ['minio', '*.s3.north.example.org'] },
    ])
    const idOf = (host: string): string => detectProviderFromHost(host, { providers }).profile.id
    expect(detectProviderFromHost('a.b.s3.south.example.org', { providers })).toMatchObject({ profile: { id: 'ours' }, region: 'south', bucket: 'a.b' })
    expect(idOf('s3.west.example.org')).toBe('generic')
    expect(idOf('10.1.2.3:7480')).toBe('ours')
    expect(idOf('10.1.2.4')).toBe('generic')
    expect(idOf('localhost:7480')).toBe('ours')
    expect(idOf('minio:9000')).toBe('lab')
    // the more exact pattern wins, whoever stands first
    expect(idOf('photos.s3.north.example.org')).toBe('lab')
    expect(idOf('s3.amazonaws.com')).toBe('aws')
    // and nothing global has changed
    expect(detectProviderFromHost('s3.south.example.org').profile.id).toBe('generic')
  })

  it('a caller may put a provider of his own in the place of one of ours', () => {
    const providers = createProviderRegistry([
      { profile: { extends: 'aws', id: 'aws', name: 'Our AWS', sources: [] }, hosts: ['**.s3.{region}.amazonaws.com'] },
    ])
    expect(detectProviderFromHost('s3.us-east-1.amazonaws.com', { providers }).profile.name).toBe('Our AWS')
    expect(detectProviderFromHost('s3.amazonaws.com', { providers }).confidence).toBe('unknown')
  })

  it('an expression of the caller that would take dots does not reach past its label', () => {
    const providers = createProviderRegistry([
      { profile: { extends: 'ceph', id: 'ours', name: 'Our Ceph', sources: [] }, hosts: ['s3.{x}.example.org'], labels: { x: '.*' } },
    ])
    expect(detectProviderFromHost('s3.a.example.org', { providers }).profile.id).toBe('ours')
    expect(detectProviderFromHost('s3.a.b.example.org', { providers }).profile.id).toBe('generic')
  })
})

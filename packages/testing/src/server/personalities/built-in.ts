import type { Personality, PersonalityName } from '../personality.ts'
import { aws } from './aws.ts'
import { b2 } from './b2.ts'
import { ceph } from './ceph.ts'
import { express } from './express.ts'
import { garage } from './garage.ts'
import { gcs } from './gcs.ts'
import { generic } from './generic.ts'
import { genericCached } from './generic-cached.ts'
import { genericCareless } from './generic-careless.ts'
import { genericEcho } from './generic-echo.ts'
import { genericGzip } from './generic-gzip.ts'
import { genericNoEtag } from './generic-no-etag.ts'
import { genericOpaque } from './generic-opaque.ts'
import { genericPlainMd5 } from './generic-plain-md5.ts'
import { genericRequesterPays } from './generic-requester-pays.ts'
import { genericRetention } from './generic-retention.ts'
import { genericUpperCase } from './generic-upper-case.ts'
import { minio } from './minio.ts'
import { oss } from './oss.ts'
import { r2 } from './r2.ts'
import { seaweedfs } from './seaweedfs.ts'
import { spaces } from './spaces.ts'
import { storj } from './storj.ts'
import { swift } from './swift.ts'
import { wasabi } from './wasabi.ts'

/** The personalities that the kit brings, by name. */
export const BUILT_IN: Readonly<Record<PersonalityName, Personality>> = {
  aws,
  minio,
  ceph,
  swift,
  r2,
  b2,
  wasabi,
  gcs,
  spaces,
  oss,
  storj,
  garage,
  seaweedfs,
  express,
  generic,
  'generic-opaque': genericOpaque,
  'generic-plain-md5': genericPlainMd5,
  'generic-upper-case': genericUpperCase,
  'generic-no-etag': genericNoEtag,
  'generic-echo': genericEcho,
  'generic-careless': genericCareless,
  'generic-gzip': genericGzip,
  'generic-cached': genericCached,
  'generic-retention': genericRetention,
  'generic-requester-pays': genericRequesterPays,
}

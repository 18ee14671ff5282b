import type { Personality, PersonalityName } from '../personality.ts'
import { aws } from './aws.ts'
import { ceph } from './ceph.ts'
import { minio } from './minio.ts'
import { r2 } from './r2.ts'
import { swift } from './swift.ts'

/** The personalities that the kit brings, by name. */
export const BUILT_IN: Readonly<Record<PersonalityName, Personality>> = { aws, minio, ceph, swift, r2 }

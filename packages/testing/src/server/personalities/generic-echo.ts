import { extendPersonality } from '../extend-personality.ts'
import type { Personality } from '../personality.ts'
import { generic } from './generic.ts'

/** It gives back whatever checksum was claimed, and looks neither at it nor at Content-MD5. */
export const genericEcho: Personality = extendPersonality(generic, {
  id: 'generic-echo',
  checksums: { algorithms: ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'], claims: 'stored', contentMd5: 'ignored' },
})

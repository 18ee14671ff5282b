import { extendPersonality } from '../extend-personality.ts'
import type { Personality } from '../personality.ts'
import { generic } from './generic.ts'

/** It looks neither at Range nor at If-Match, and checks no Content-MD5. */
export const genericCareless: Personality = extendPersonality(generic, {
  id: 'generic-careless',
  checksums: { contentMd5: 'ignored' },
  reads: { range: 'ignored', conditions: 'ignored' },
})

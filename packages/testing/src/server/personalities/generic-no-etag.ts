import { extendPersonality } from '../extend-personality.ts'
import type { Personality } from '../personality.ts'
import { generic } from './generic.ts'

/** It says no ETag of an object; only parts have one. */
export const genericNoEtag: Personality = extendPersonality(generic, {
  id: 'generic-no-etag',
  etag: { ofObjects: 'absent' },
})

import { extendPersonality } from '../extend-personality.ts'
import type { Personality } from '../personality.ts'
import { generic } from './generic.ts'

/** A cache in front of it answers reads for an hour, whatever was written since. */
export const genericCached: Personality = extendPersonality(generic, {
  id: 'generic-cached',
  reads: { cacheSeconds: 3600 },
})

import { extendPersonality } from '../extend-personality.ts'
import type { Personality } from '../personality.ts'
import { generic } from './generic.ts'

/** Its ETags are in upper case and without quotes. */
export const genericUpperCase: Personality = extendPersonality(generic, {
  id: 'generic-upper-case',
  etag: { letters: 'upper', quotes: false },
})

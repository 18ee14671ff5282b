import { extendPersonality } from '../extend-personality.ts'
import type { Personality } from '../personality.ts'
import { generic } from './generic.ts'

/** Its ETags are made up: of objects, of parts, of multipart uploads. */
export const genericOpaque: Personality = extendPersonality(generic, {
  id: 'generic-opaque',
  etag: { single: 'opaque', part: 'opaque', multipart: 'opaque', opaqueForm: 'alphanumeric' },
})

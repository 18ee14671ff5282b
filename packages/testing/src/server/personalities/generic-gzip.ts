import { extendPersonality } from '../extend-personality.ts'
import type { Personality } from '../personality.ts'
import { generic } from './generic.ts'

/** It unpacks what is stored in gzip for a reader who does not accept it. */
export const genericGzip: Personality = extendPersonality(generic, {
  id: 'generic-gzip',
  reads: { gzip: 'unpacked' },
})

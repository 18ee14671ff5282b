import { extendPersonality } from '../extend-personality.ts'
import type { Personality } from '../personality.ts'
import { aws } from './aws.ts'

/** Its buckets lock every new object for a day, as Amazon's with a default retention. */
export const genericRetention: Personality = extendPersonality(aws, {
  id: 'generic-retention',
  features: { defaultRetention: { mode: 'GOVERNANCE', days: 1 } },
})

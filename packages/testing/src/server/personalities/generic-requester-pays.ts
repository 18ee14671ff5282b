import { extendPersonality } from '../extend-personality.ts'
import type { Personality } from '../personality.ts'
import { aws } from './aws.ts'

/** The requester pays: without `x-amz-request-payer` everything is refused. */
export const genericRequesterPays: Personality = extendPersonality(aws, {
  id: 'generic-requester-pays',
  features: { requesterPays: true },
})

import { profiles } from '@sealift/provider-detect'
import { PERSONALITIES } from '@sealift/testing'
import { expect, it } from 'vitest'

// `generic-…` personalities are stores that nobody knows: they have no profile of their own
it.each(PERSONALITIES.filter((name) => !name.startsWith('generic')))('the personality %s has a profile under the same id', (name) => {
  expect(Object.keys(profiles)).toContain(name)
})

import { describe, expect, it } from 'vitest'
import { MAX_KEY_BYTES, MAX_METADATA_BYTES, MAX_OBJECT_BYTES, MAX_PART_BYTES, MAX_PARTS, MAX_SINGLE_PUT_BYTES, MIN_PART_BYTES } from './limits.ts'

describe('the limits of S3', () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
  it('are those of its documentation', () => {
    expect({ MIN_PART_BYTES, MAX_PART_BYTES, MAX_PARTS, MAX_SINGLE_PUT_BYTES, MAX_OBJECT_BYTES, MAX_KEY_BYTES, MAX_METADATA_BYTES }).toEqual({
      MIN_PART_BYTES: 5_242_880,
      MAX_PART_BYTES: 5_368_709_120,
      MAX_PARTS: 10_000,
      MAX_SINGLE_PUT_BYTES: 5_368_709_120,
      MAX_OBJECT_BYTES: 53_687_091_200_000,
      MAX_KEY_BYTES: 1024,
      MAX_METADATA_BYTES: 2048,
    })
  })
})

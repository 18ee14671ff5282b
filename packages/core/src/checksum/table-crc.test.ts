import { describe, expect, it } from 'vitest'
import { DIGEST_VECTORS } from '../../test/vectors.ts'
import { toHex } from './digest.ts'
import { crcOfSmall } from './table-crc.ts'

describe('crcOfSmall', () => {
  it.each(DIGEST_VECTORS.filter(({ input }) => !input.startsWith('stream')))('gives the known CRCs of $input', ({ bytes, digests }) => {
    for (const algorithm of ['crc32c', 'crc64nvme', 'crc64ecma'] as const) expect(toHex(crcOfSmall(algorithm, bytes()))).toBe(digests[algorithm])
  })
})

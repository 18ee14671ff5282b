import { describe, expect, it } from 'vitest'
import type { ChecksumType, HashAlgorithm } from '../checksum/algorithm.ts'
import { genericProfile } from '../generic-profile.ts'
import type { NotCarried } from '../object-result.ts'
import type { StoredChecksum } from '../ports/object-store.ts'
import type { ChecksumSupport, ProviderProfile } from '../ports/provider-profile.ts'
import { checksumToKeep, loseChecksum } from './kept-checksum.ts'

const store = (checksums: Partial<ChecksumSupport>): ProviderProfile => ({
  ...genericProfile,
  name: 'Store',
  checksums: {
    ...genericProfile.checksums,
    returned: 'yes',
    verifiedOnWrite: ['crc64nvme', 'crc32', 'sha256'],
    multipartFullObject: ['crc64nvme', 'crc32'],
    multipartComposite: ['crc32', 'sha256'],
    ...checksums,
  },
})
const stored = (algorithm: HashAlgorithm, type: ChecksumType = 'FULL_OBJECT', header = `x-amz-checksum-${algorithm}`): StoredChecksum => ({
  algorithm,
  type,
  value: 'x',
  header,
})

describe('checksumToKeep', () => {
  it.each([
    ['crc64nvme', 'FULL_OBJECT', 'FULL_OBJECT'],
    ['crc32', 'FULL_OBJECT', 'FULL_OBJECT'],
    ['crc32', 'COMPOSITE', 'COMPOSITE'],
    ['sha256', 'COMPOSITE', 'COMPOSITE'],
    // of one PUT; an upload in parts has it over the parts only
    ['sha256', 'FULL_OBJECT', 'COMPOSITE'],
    // a store that keeps it of the whole only
    ['crc64nvme', 'COMPOSITE', 'FULL_OBJECT'],
  ] as const)('%s %s is kept, in parts as %s', (algorithm, type, inParts) => {
    expect(checksumToKeep([stored(algorithm, type)], store({}))).toEqual({ kept: { algorithm, type: inParts }, notCarried: [] })
  })

  it.each([
    ['returned', store({ returned: 'candidate' }), 'Store is not known to keep checksums'],
    ['verifiedOnWrite', store({ verifiedOnWrite: ['crc32'] }), 'Store is not known to keep this algorithm'],
    ['multipart', store({ multipartComposite: ['crc32'] }), 'Store is not known to keep this algorithm'],
  ])('what %s does not promise is listed', (_, profile, reason) => {
    expect(checksumToKeep([stored('sha256', 'COMPOSITE')], profile)).toEqual({ kept: null, notCarried: [{ what: 'checksum', name: 'sha256', reason }] })
  })

  it('a write takes one algorithm: the others are listed', () => {
    expect(checksumToKeep([stored('crc32'), stored('sha256')], store({}))).toEqual({
      kept: { algorithm: 'crc32', type: 'FULL_OBJECT' },
      notCarried: [{ what: 'checksum', name: 'sha256', reason: 'one is kept, crc32' }],
    })
  })

  it('the CRC-64 that stores give by themselves is no loss', () => {
    expect(checksumToKeep([stored('crc64nvme')], store({ returned: 'no' }))).toEqual({ kept: null, notCarried: [] })
    const notCarried: NotCarried[] = []
    loseChecksum(notCarried, { algorithm: 'crc64nvme', type: 'FULL_OBJECT' }, 'why')
    expect(notCarried).toEqual([])
  })

  it('a vendor’s own header is no checksum that anybody asked for', () => {
    const vendors = [stored('crc64ecma', 'FULL_OBJECT', 'x-oss-hash-crc64ecma'), stored('crc32c', 'FULL_OBJECT', 'x-goog-hash')]
    expect(checksumToKeep(vendors, store({}))).toEqual({ kept: null, notCarried: [] })
  })
})

it('a write that cannot carry it lists it once', () => {
  const notCarried: NotCarried[] = []
  loseChecksum(notCarried, null, 'why')
  for (let tries = 0; tries < 3; tries++) loseChecksum(notCarried, { algorithm: 'sha256', type: 'COMPOSITE' }, 'why')
  expect(notCarried).toEqual([{ what: 'checksum', name: 'sha256', reason: 'why' }])
})

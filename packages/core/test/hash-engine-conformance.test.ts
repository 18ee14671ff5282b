import { HASH_ALGORITHMS, NativeHashEngine } from '@sealift/core'
import { hashEngineConformance } from '@sealift/testing'
import { describe, it } from 'vitest'

describe('NativeHashEngine with every algorithm', () => {
  hashEngineConformance({ describe, it }, { create: () => NativeHashEngine.create(), algorithms: HASH_ALGORITHMS })
})

describe('NativeHashEngine with what Node has', () => {
  hashEngineConformance({ describe, it }, { create: () => new NativeHashEngine(), algorithms: ['md5', 'sha1', 'sha256', 'sha512', 'crc32'] })
})

import { describe, it } from 'vitest'
import { resultStoreConformance } from '../src/conformance/result-store.ts'
import { MemoryResultStore } from '../src/memory-result-store.ts'

describe('MemoryResultStore', () => {
  resultStoreConformance({ describe, it }, { create: async () => new MemoryResultStore(), capabilities: { durable: false } })
})

import { describe, it, vi } from 'vitest'
import { resultStoreConformance } from '../src/conformance/result-store.ts'
import { MemoryResultStore } from '../src/memory-result-store.ts'

vi.setConfig({ testTimeout: 120_000 })

describe('MemoryResultStore', () => {
  resultStoreConformance({ describe, it }, { create: async () => new MemoryResultStore(), capabilities: { durable: false } })
})

import { describe } from 'vitest'
import { kitStage } from '../fault-matrix/kit-stage.ts'
import { matrixSuite } from '../fault-matrix/matrix-suite.ts'
import { trustCertificatesOf } from '../fault-matrix/secure-matrix.ts'

trustCertificatesOf([])

// The matrix over real RGW is a file of its own, so that the two run side by side.

describe('the fault matrix over the in-process server, as ceph', () => {
  matrixSuite('kit-ceph', { usual: 356, whole: 408 }, async () => ({ prepare: kitStage, close: async () => {} }))
})

describe('the fault matrix over the in-process server, as aws', () => {
  matrixSuite('kit-aws', { usual: 229, whole: 330 }, async () => ({ prepare: kitStage, close: async () => {} }))
})

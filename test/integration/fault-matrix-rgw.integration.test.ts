import { matrixSuite } from '../fault-matrix/matrix-suite.ts'
import { rgwGround } from '../fault-matrix/rgw-ground.ts'
import { rgwStage } from '../fault-matrix/rgw-stage.ts'
import { trustCertificatesOf } from '../fault-matrix/secure-matrix.ts'
import { describeWithServer } from '../servers/real-servers.ts'

describeWithServer(['rgw-source', 'rgw-destination'], 'the fault matrix over Ceph RGW, through the fault proxies', (servers) => {
  trustCertificatesOf(Object.values(servers))
  matrixSuite('rgw', { usual: 427, whole: 645 }, async () => {
    const run = `${process.pid.toString(36)}${Date.now().toString(36)}`
    const ground = await rgwGround({ source: servers['rgw-source'], destination: servers['rgw-destination'] }, run)
    return { prepare: (cell) => rgwStage(cell, ground), close: () => ground.close() }
  })
})

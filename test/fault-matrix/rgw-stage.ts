import http from 'node:http'
import https from 'node:https'
import type { S3ClientConfig } from '@aws-sdk/client-s3'
import { cephProfile } from '@sealift/provider-detect'
import { type HttpFaultProxy, startHttpFaultProxy, startTcpFaultProxy, type TcpFaultProxy } from '@sealift/testing'
import type { RealServer } from '../servers/real-servers.ts'
import type { Cell, ConnectionFault, Side } from './cell.ts'
import { faultRules, type StageHands } from './fault-rules.ts'
import { changedBytes, EARLIER, FOREIGN, type KnownBytes, sourceBytes } from './object-bytes.ts'
import { opaque } from './opaque-profile.ts'
import { headHeaders, plainClient, put, removeKey, upload } from './plain-requests.ts'
import type { RgwGround } from './rgw-ground.ts'
import { engineEndpoint, overTls, ownCertificate } from './secure-matrix.ts'
import type { Stage } from './stage.ts'

/** Real RGW for one cell: a fault proxy of its own before each end, a key of its own at the destination, and at the source where that changes. */
export async function rgwStage(cell: Cell, ground: RgwGround): Promise<Stage> {
  const { shape, row } = cell
  const { setting = {} } = row
  const faults = row.faults(shape)
  const changes = faults.some((fault) => 'action' in fault && fault.action.kind === 'source-changed')
  const sourceBucket = setting.versionedSource === true ? ground.versionedSourceBucket : ground.sourceBucket
  const sourceKey = changes ? cell.id : await ground.sharedSource(sourceBucket, shape)
  const bucket = setting.versionedDestination === true ? ground.versionedDestinationBucket : ground.destinationBucket
  const first = sourceBytes(shape)
  const states: KnownBytes[] = [first]
  if (changes) await upload(ground.source, sourceBucket, sourceKey, first.bytes, shape.partSizeBytes)
  if (setting.emptyDestination !== true) await put(ground.destination, bucket, cell.id, EARLIER)
  const hands: StageHands = {
    async changeSource() {
      const changed = changedBytes(shape, states.length)
      states.push(changed)
      await put(ground.source, sourceBucket, sourceKey, changed.bytes)
    },
    writeAsSomebodyElse: () => put(ground.destination, bucket, cell.id, FOREIGN),
    earlierHead: setting.emptyDestination === true ? null : await headHeaders(ground.destination, bucket, cell.id),
  }
  const ends = {
    source: await throughProxy(cell, 'source', ground.servers.source, hands),
    destination: await throughProxy(cell, 'destination', ground.servers.destination, hands),
  }
  return {
    source: {
      bucket: sourceBucket,
      key: sourceKey,
      profile: setting.opaqueSource === true ? opaque(cephProfile) : cephProfile,
      client: ends.source.client,
      plain: ground.source,
    },
    destination: { bucket, key: cell.id, profile: cephProfile, client: ends.destination.client, plain: ground.destination },
    sourceStates: async () => states,
    fired: () => faults.map((_, at) => ends.source.fired(at) + ends.destination.fired(at)),
    // the judge and `abortUploads` do not go through the proxies
    lift: async () => {},
    async close() {
      await Promise.all([ends.source.close(), ends.destination.close()])
      await removeKey(ground.destination, bucket, cell.id, setting.versionedDestination === true)
      if (changes) await removeKey(ground.source, sourceBucket, sourceKey, setting.versionedSource === true)
    },
  }
}

interface ProxiedEnd {
  readonly client: ReturnType<typeof plainClient>
  readonly fired: (fault: number) => number
  readonly close: () => Promise<void>
}

async function throughProxy(cell: Cell, side: Side, server: RealServer, hands: StageHands): Promise<ProxiedEnd> {
  const config = { region: server.region, credentials: server.credentials, maxAttempts: 1 } satisfies S3ClientConfig
  const faults = cell.row.faults(cell.shape)
  const connection = faults.findIndex((fault) => 'connection' in fault && fault.at === side)
  if (connection >= 0) return throughTcp(cell, connection, faults[connection] as ConnectionFault, server, config)
  const rules = faultRules(cell, side, hands)
  const proxy: HttpFaultProxy = await startHttpFaultProxy({ target: server.endpoint, ...ownCertificate, faults: rules.map(({ rule }) => rule) })
  const client = plainClient({ ...config, endpoint: proxy.endpoint })
  return {
    client,
    fired: (fault) => proxy.firedFaults.filter(({ rule }) => rules.some((item) => item.fault === fault && item.rule === rule)).length,
    async close() {
      client.destroy()
      await proxy.close()
      if (proxy.hookErrors.length > 0) throw proxy.hookErrors[0]
    },
  }
}

async function throughTcp(cell: Cell, index: number, fault: ConnectionFault, server: RealServer, config: S3ClientConfig): Promise<ProxiedEnd> {
  const isHit = (connection: number): boolean => (cell.frequency === 'once' ? connection === fault.connection : connection >= fault.connection)
  const proxy: TcpFaultProxy = await startTcpFaultProxy({
    target: { port: Number(new URL(engineEndpoint(server)).port) },
    rule: (connection) => (isHit(connection) ? fault.rule : {}),
  })
  const agents = { httpAgent: new http.Agent({ keepAlive: false }), httpsAgent: new https.Agent({ keepAlive: false }) }
  const client = plainClient({ ...config, endpoint: `${overTls ? 'https' : 'http'}://${proxy.host}:${proxy.port}`, requestHandler: agents })
  return {
    client,
    fired: (at) => (at === index ? Math.max(0, proxy.connections - fault.connection + 1) : 0),
    async close() {
      client.destroy()
      agents.httpAgent.destroy()
      agents.httpsAgent.destroy()
      await proxy.close()
    },
  }
}

import { askCredentials, isUsable, knownCredentials } from '../client-credentials.ts'
import type { S3ClientLike } from '../s3-client-like.ts'
import { TransportFailure } from '../transport-failure.ts'
import { type BucketRoute, resolveBucketRoute } from './bucket-route.ts'
import { type Eligibility, foreignMiddleware, inspectClient } from './eligibility.ts'
import type { PooledHttpClient } from './http-client.ts'
import type { SigningCredentials } from './sigv4.ts'
import { SocketHttpClient } from './socket-http-client.ts'

/** How a bucket's data goes. */
export type BucketDecision = { readonly transport: 'direct'; readonly route: BucketRoute } | { readonly transport: 'sdk'; readonly reason: string }

interface KnownBucket {
  readonly decision: BucketDecision
  /** `performance.now()` */
  readonly untilMs: number
}

/** After this the client's resolver is asked again: an endpoint may be a function. */
const ROUTE_LIFE_MS = 60_000
/** Middleware may be added to a client at any time; a look at it costs as much as a tenth of a small request. */
const LOOK_EVERY_MS = 1_000
const MAX_BUCKETS = 1_000

/** What all stores over one client share: the decision, routes, connections, clock. Kept as long as the client is. */
export class DirectClient {
  readonly http: PooledHttpClient
  /** added to this machine's clock when signing */
  clockOffsetMs: number
  readonly #sdk: typeof import('@aws-sdk/client-s3')
  readonly #client: S3ClientLike
  readonly #buckets = new Map<string, KnownBucket>()
  #eligibility: Eligibility | null = null
  #lookedAtMs = Number.NEGATIVE_INFINITY

  constructor(sdk: typeof import('@aws-sdk/client-s3'), client: S3ClientLike, http: PooledHttpClient) {
    this.#sdk = sdk
    this.#client = client
    this.http = http
    const { systemClockOffset } = client.config as { systemClockOffset?: unknown }
    this.clockOffsetMs = typeof systemClockOffset === 'number' ? systemClockOffset : 0
  }

  async eligibility(): Promise<Eligibility> {
    const nowMs = performance.now()
    if (this.#eligibility === null || this.#eligibility.transport === 'unknown') this.#eligibility = await inspectClient(this.#client)
    else if (nowMs - this.#lookedAtMs > LOOK_EVERY_MS && this.#eligibility.transport === 'direct') {
      const own = foreignMiddleware(this.#client)
      if (own !== null) this.#eligibility = { transport: 'sdk', reason: `the client has middleware of its own (${own})` }
    } else return this.#eligibility
    this.#lookedAtMs = nowMs
    return this.#eligibility
  }

  /** What is known already, without asking anybody; null where `decide` has to be asked. */
  decided(bucket: string): BucketDecision | null {
    const nowMs = performance.now()
    if (this.#eligibility?.transport !== 'direct' || nowMs - this.#lookedAtMs > LOOK_EVERY_MS) return null
    const known = this.#buckets.get(bucket)
    return known !== undefined && known.untilMs > nowMs ? known.decision : null
  }

  /** How requests to a bucket go now. Rejects with what keeps the SDK from resolving it. */
  async decide(bucket: string): Promise<BucketDecision> {
    const eligibility = await this.eligibility()
    if (eligibility.transport !== 'direct') return { transport: 'sdk', reason: eligibility.reason }
    const known = this.decided(bucket)
    if (known !== null) return known
    const route = await resolveBucketRoute(this.#sdk, this.#client, bucket)
    const decision: BucketDecision = typeof route === 'string' ? { transport: 'sdk', reason: route } : { transport: 'direct', route }
    this.#remember(bucket, decision, performance.now() + ROUTE_LIFE_MS)
    return decision
  }

  /** That bucket goes by the SDK from now on. */
  leaveToSdk(bucket: string, reason: string): void {
    this.#remember(bucket, { transport: 'sdk', reason }, Number.POSITIVE_INFINITY)
  }

  /** The client's own credentials as of a moment ago, without asking anybody; null where `credentials` has to be asked. */
  knownCredentials(): SigningCredentials | null {
    return knownCredentials(this.#client)
  }

  /** The client's own credentials, from its provider. */
  async credentials(refresh: boolean): Promise<SigningCredentials> {
    const given = await askCredentials(this.#client, refresh).catch(() => null)
    if (given === null || !isUsable(given)) throw new TransportFailure('credentials', 'the client has no usable credentials', 0)
    return given
  }

  /** The client corrects a wrong clock, unless it was told not to. */
  async correctsClock(): Promise<boolean> {
    const { disableClockSkewCorrection } = this.#client.config as { disableClockSkewCorrection?: () => Promise<boolean> }
    return typeof disableClockSkewCorrection !== 'function' || (await disableClockSkewCorrection()) !== true
  }

  #remember(bucket: string, decision: BucketDecision, untilMs: number): void {
    this.#buckets.delete(bucket)
    if (this.#buckets.size >= MAX_BUCKETS) {
      const [oldest] = this.#buckets.keys()
      if (oldest !== undefined) this.#buckets.delete(oldest)
    }
    this.#buckets.set(bucket, { decision, untilMs })
  }
}

const known = new WeakMap<object, DirectClient>()
const http = new SocketHttpClient()

/** The one `DirectClient` of a client. All of them share their connections. */
export function directClientOf(sdk: typeof import('@aws-sdk/client-s3'), client: S3ClientLike): DirectClient {
  let direct = known.get(client)
  if (direct === undefined) {
    direct = new DirectClient(sdk, client, http)
    known.set(client, direct)
  }
  return direct
}

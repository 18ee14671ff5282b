import type { SigningCredentials } from './direct/sigv4.ts'
import type { S3ClientLike } from './s3-client-like.ts'

type Given = Partial<SigningCredentials> & { readonly expiration?: Date }
type Provider = (options?: { readonly forceRefresh: boolean }) => Promise<Given | undefined>

interface Known {
  readonly provider: Provider
  readonly credentials: SigningCredentials
  /** `performance.now()` */
  readonly untilMs: number
}

/** The SDK itself keeps what does not expire for good. */
const LIFE_MS = 1_000
/** Before this the SDK begins to fetch new ones. */
const MUST_LAST_MS = 6 * 60_000

const known = new WeakMap<S3ClientLike, Known>()
/** how often new credentials were asked for, and how many of those questions are open */
const refreshes = new WeakMap<S3ClientLike, { begun: number; open: number }>()

/** What the client's provider gave within the last second, without asking it again; null where it has to be asked. A new provider is seen at once. */
export function knownCredentials(client: S3ClientLike): SigningCredentials | null {
  const entry = known.get(client)
  if (entry === undefined || entry.provider !== providerOf(client) || performance.now() >= entry.untilMs) return null
  return entry.credentials
}

/**
 * What the client's own provider gives now; null where it has none. Credentials that expire soon are asked for each time, as the provider decides itself when
 * to fetch new ones. Rejects with what the provider throws, which may hold secrets.
 * @param refresh - they were refused: it shall fetch new ones
 */
export async function askCredentials(client: S3ClientLike, refresh: boolean): Promise<Given | null> {
  known.delete(client)
  const provider = providerOf(client)
  if (provider === null) return null
  if (refresh) return await askForNew(client, provider)
  const before = refreshes.get(client)?.begun
  const given = (await provider()) ?? null
  const now = refreshes.get(client)
  // what was asked for before or while others are fetched may be what was refused
  if (now?.begun === before && (now?.open ?? 0) === 0) keep(client, provider, given)
  return given
}

async function askForNew(client: S3ClientLike, provider: Provider): Promise<Given | null> {
  const state = refreshes.get(client) ?? { begun: 0, open: 0 }
  refreshes.set(client, state)
  state.begun += 1
  state.open += 1
  try {
    const given = (await provider({ forceRefresh: true })) ?? null
    keep(client, provider, given)
    return given
  } finally {
    state.open -= 1
  }
}

function keep(client: S3ClientLike, provider: Provider, given: Given | null): void {
  if (given !== null && isUsable(given) && lasts(given)) known.set(client, { provider, credentials: given, untilMs: performance.now() + LIFE_MS })
  else known.delete(client)
}

/** They have what a signature needs. */
export function isUsable(given: Given): given is SigningCredentials {
  return typeof given.accessKeyId === 'string' && given.accessKeyId !== '' && typeof given.secretAccessKey === 'string'
}

function providerOf(client: S3ClientLike): Provider | null {
  const { credentials } = client.config as { credentials?: unknown }
  return typeof credentials === 'function' ? (credentials as Provider) : null
}

function lasts({ sessionToken, expiration }: Given): boolean {
  if (expiration === undefined) return sessionToken === undefined
  return expiration instanceof Date && expiration.getTime() - Date.now() > MUST_LAST_MS
}

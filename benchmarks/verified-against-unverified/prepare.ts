import { createS3ObjectStore, migrateObject, type ObjectStore } from '@sealift/core'
import { createClients, keyOf, serverProfile } from '../harness/endpoints.ts'
import type { PreparedVariant } from '../harness/variant-process.ts'
import { giveKnownDigests } from './known-digests.ts'

/** A bare GET → PUT through the same port; `migrateObject` with its digests given; and as it comes. */
export const VARIANTS = ['bare', 'unhashed', 'verified'] as const

export interface Task {
  readonly variant: (typeof VARIANTS)[number]
  readonly endpoint: string
  readonly sizeBytes: number
  readonly atOnce: number
  readonly transport: 'auto' | 'sdk' | 'direct'
}

/** What the bare copy holds whole; larger ones are streamed. */
const HELD_BYTES = 16 * 1024 * 1024
/** of a streamed one, as the engine has it */
const CHUNK_BYTES = 512 * 1024

export async function prepare({ variant, endpoint, sizeBytes, atOnce, transport }: Task): Promise<PreparedVariant> {
  const clients = createClients(endpoint)
  const profile = serverProfile()
  const source = await createS3ObjectStore({ client: clients.source, profile, side: 'source', transport })
  const destination = await createS3ObjectStore({ client: clients.destination, profile, side: 'destination', transport })
  const migrate = async (index: number): Promise<void> => {
    await migrateObject({
      source: { client: clients.source, bucket: 'source', key: keyOf(sizeBytes, index), profile },
      destination: { client: clients.destination, bucket: 'destination', profile },
      transport,
    })
  }
  if (variant === 'unhashed') await giveKnownDigests(() => migrate(0))
  return {
    atOnce,
    run: variant === 'bare' ? (index) => bareCopy(source, destination, keyOf(sizeBytes, index)) : migrate,
    async close() {
      source.close()
      destination.close()
      clients.destroy()
    },
  }
}

/** No digest, no check, no record. */
async function bareCopy(source: ObjectStore, destination: ObjectStore, key: string): Promise<void> {
  const read = await source.read({ bucket: 'source', key })
  const sizeBytes = read.bodyBytes ?? 0
  const ref = { bucket: 'destination', key }
  const options = { metadata: { user: {} } }
  if (sizeBytes > HELD_BYTES) {
    const free: Buffer[] = []
    const stream = read.bodyIn?.(() => free.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES)) ?? read.body
    await destination.put(ref, { kind: 'stream', stream, sizeBytes, onSent: ({ buffer }) => free.push(Buffer.from(buffer)) }, options)
    return
  }
  const bytes = Buffer.allocUnsafe(sizeBytes)
  let offset = 0
  for await (const chunk of read.body) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  await destination.put(ref, { kind: 'bytes', bytes }, options)
}

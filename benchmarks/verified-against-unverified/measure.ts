import { createS3ObjectStore, migrateObject, type ObjectStore } from '@sealift/core'
import { alternate, type Cost } from '../harness/alternate.ts'
import { createClients, keyOf, serverProfile } from '../harness/endpoints.ts'
import { endLearning, giveKnownDigests } from './known-digests.ts'

export interface Task {
  readonly endpoint: string
  readonly sizeBytes: number
  readonly rounds: number
  readonly operations: number
  readonly warmUp?: number
  readonly warmUpMs?: number
  readonly transport: 'auto' | 'sdk' | 'direct'
}

/** What the bare copy holds whole; larger ones are streamed. */
const HELD_BYTES = 16 * 1024 * 1024

/** `migrateObject`; the same with its digests given; and a bare GET → PUT through the same port: in turns. */
export async function measure(task: Task): Promise<Record<string, Cost>> {
  const profile = serverProfile()
  const clients = createClients(task.endpoint)
  const { transport } = task
  const source = await createS3ObjectStore({ client: clients.source, profile, side: 'source', transport })
  const destination = await createS3ObjectStore({ client: clients.destination, profile, side: 'destination', transport })
  const migrate = async (index: number): Promise<void> => {
    await migrateObject({
      source: { client: clients.source, bucket: 'source', key: keyOf(task.sizeBytes, index), profile },
      destination: { client: clients.destination, bucket: 'destination', profile },
      transport,
    })
  }
  try {
    giveKnownDigests(true)
    await migrate(0)
    endLearning()
    return await alternate(
      [
        { name: 'bare', run: (index) => bareCopy(source, destination, keyOf(task.sizeBytes, index)) },
        {
          name: 'unhashed',
          run: (index) => {
            giveKnownDigests(true)
            return migrate(index)
          },
        },
        {
          name: 'verified',
          run: (index) => {
            giveKnownDigests(false)
            return migrate(index)
          },
        },
      ],
      task,
    )
  } finally {
    source.close()
    destination.close()
    clients.destroy()
  }
}

/** No digest, no check, no record. */
async function bareCopy(source: ObjectStore, destination: ObjectStore, key: string): Promise<void> {
  const read = await source.read({ bucket: 'source', key })
  const sizeBytes = read.bodyBytes ?? 0
  const ref = { bucket: 'destination', key }
  const options = { metadata: { user: {} } }
  if (sizeBytes > HELD_BYTES) {
    await destination.put(ref, { kind: 'stream', stream: read.body, sizeBytes }, options)
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

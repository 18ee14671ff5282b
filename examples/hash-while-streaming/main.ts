// Hash what passes by, in one go: all digests of a stream while it is written somewhere else.
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { combineCrc, multipartETagOf, StreamingHasher } from '@sealift/core'

const folder = await mkdtemp(join(tmpdir(), 'sealift-hash-'))
const parts = [Buffer.alloc(5 * 1024 * 1024, 'a'), Buffer.alloc(1000, 'b')]

const hasher = await StreamingHasher.create(['md5', 'sha256', 'crc32', 'crc64nvme', 'xxhash128'])
await pipeline(Readable.from(parts), hasher.through(), createWriteStream(join(folder, 'copy.bin')))
console.log(hasher.digests())

// the ETag that S3 gives this object when it is uploaded in parts of 5 MiB
console.log('multipart ETag', await multipartETagOf(Buffer.concat(parts), 5 * 1024 * 1024))

// the CRC of the whole from the CRCs of its parts
const crcs = parts.map((part) => ({ crc: new StreamingHasher(['crc32']).update(part).digests().crc32, sizeBytes: part.length }))
console.log('combined CRC32', combineCrc('crc32', crcs))
await rm(folder, { recursive: true })

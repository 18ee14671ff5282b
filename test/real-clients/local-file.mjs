import { createCipheriv, createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { runCommand } from './clients/run-command.ts'

/** Bytes that look random, the same on every run, different for every seed: so two objects, or two parts, can never be taken for each other. */
function seededBytes(seed, sizeBytes) {
  const key = createHash('sha256').update(`sealift real-client matrix ${seed}`).digest()
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(sizeBytes))
}

/**
 * Writes the bytes of an object into `path`.
 * @param gzip - real gzip data of about `sizeBytes`, for objects with `Content-Encoding: gzip`
 * @returns how many bytes they are
 */
export async function writeLocalFile(path, seed, sizeBytes, gzip) {
  const bytes = gzip ? gzipSync(seededBytes(seed, sizeBytes)) : seededBytes(seed, sizeBytes)
  await writeFile(path, bytes)
  return bytes.length
}

/**
 * The digests of files by `sha256sum` and `md5sum`.
 * @returns for each path, in order, `{ sha256, md5 }` in hex
 */
export async function sumsOf(paths) {
  const [sha256, md5] = await Promise.all(['sha256sum', 'md5sum'].map((program) => runCommand(program, ['--zero', '--', ...paths], { env: process.env })))
  const first = (text) =>
    text
      .split('\0')
      .slice(0, -1)
      .map((line) => line.split(' ', 1)[0])
  const md5s = first(md5)
  return first(sha256).map((digest, index) => ({ sha256: digest, md5: md5s[index] }))
}

/**
 * The ETag that S3 gives these bytes, written anew here (nothing is taken from the library under test).
 * @param partSizes - null for a single PUT: the MD5 of the bytes; else the MD5 over the binary MD5s of the parts, `-`, their number
 */
export async function etagOfFile(path, partSizes) {
  const bytes = await readFile(path)
  const md5 = (data) => createHash('md5').update(data).digest()
  if (partSizes === null) return md5(bytes).toString('hex')
  let offset = 0
  const digests = partSizes.map((size) => {
    const digest = md5(bytes.subarray(offset, offset + size))
    offset += size
    return digest
  })
  if (offset !== bytes.length) throw new Error(`${path}: the parts hold ${offset} bytes, the file ${bytes.length}`)
  return `${md5(Buffer.concat(digests)).toString('hex')}-${partSizes.length}`
}

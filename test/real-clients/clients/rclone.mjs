import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'

/**
 * rclone. It adds `mtime`, and on multipart uploads `md5chksum` (the base64 MD5 of the whole file), to the metadata.
 * Its environment has no AWS_CA_BUNDLE: with that set rclone 1.60 fails on every S3 remote.
 */
export async function rclone({ program, endpoint, region, credentials, bucket, folder }) {
  const config = join(folder, 'rclone.conf')
  await writeFile(
    config,
    [
      '[src]',
      'type = s3',
      'provider = Ceph',
      `access_key_id = ${credentials.accessKeyId}`,
      `secret_access_key = ${credentials.secretAccessKey}`,
      `endpoint = ${endpoint}`,
      `region = ${region}`,
      'force_path_style = true',
      'no_check_bucket = true',
      '',
    ].join('\n'),
    { mode: 0o600 },
  )
  const env = { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C.UTF-8', RCLONE_CONFIG: config, RCLONE_CACHE_DIR: join(folder, 'rclone-cache') }
  const HEADER_NAMES = {
    contentType: 'Content-Type',
    cacheControl: 'Cache-Control',
    contentDisposition: 'Content-Disposition',
    contentEncoding: 'Content-Encoding',
    contentLanguage: 'Content-Language',
  }

  return {
    async upload(object) {
      const parts = object.partSizeBytes === null ? [] : ['--s3-chunk-size', `${object.partSizeBytes}B`, '--s3-upload-cutoff', `${object.partSizeBytes}B`]
      const headers = Object.entries(object.headers).flatMap(([name, value]) => ['--header-upload', `${HEADER_NAMES[name]}: ${value}`])
      const metadata = Object.entries(object.metadata).flatMap(([name, value]) => ['--metadata-set', `${name}=${value}`])
      const options = ['--s3-upload-concurrency', '2', '--retries', '1', '--no-traverse', '--ignore-times', ...(metadata.length > 0 ? ['--metadata'] : [])]
      await runCommand(program, ['copyto', ...options, ...parts, ...headers, ...metadata, object.file, `src:${bucket}/${object.key}`], { env })
    },
    async version() {
      return (await runCommand(program, ['version'], { env })).split('\n')[0].replace('rclone v', '')
    },
    /** multipart from the cut-off on (1.60; a file of exactly one part becomes a multipart upload of one part) */
    isMultipart: (object) => object.partSizeBytes !== null && object.sizeBytes >= object.partSizeBytes,
  }
}

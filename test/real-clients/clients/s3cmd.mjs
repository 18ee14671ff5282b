import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'

const MiB = 1_048_576

/** s3cmd. Its settings go into the temporary folder, never into the home directory. */
export async function s3cmd({ program, endpoint, region, credentials, bucket, folder }) {
  const host = new URL(endpoint).host
  const config = join(folder, 's3cmd.conf')
  await writeFile(
    config,
    [
      '[default]',
      `access_key = ${credentials.accessKeyId}`,
      `secret_key = ${credentials.secretAccessKey}`,
      `host_base = ${host}`,
      `host_bucket = ${host}`,
      `bucket_location = ${region}`,
      `use_https = ${endpoint.startsWith('https:') ? 'True' : 'False'}`,
      '',
    ].join('\n'),
    { mode: 0o600 },
  )
  const env = { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C.UTF-8' }
  const HEADER_NAMES = { cacheControl: 'Cache-Control', contentDisposition: 'Content-Disposition', contentLanguage: 'Content-Language' }

  return {
    async upload(object) {
      const { contentType, ...others } = object.headers
      const options = [
        '--quiet',
        '--no-mime-magic',
        ...(object.partSizeBytes === null ? ['--disable-multipart'] : [`--multipart-chunk-size-mb=${object.partSizeBytes / MiB}`]),
        ...(contentType === undefined ? [] : ['--mime-type', contentType]),
        ...Object.entries(others).map(([name, value]) => `--add-header=${HEADER_NAMES[name]}: ${value}`),
        ...Object.entries(object.metadata).map(([name, value]) => `--add-header=x-amz-meta-${name}: ${value}`),
      ]
      await runCommand(program, ['-c', config, 'put', ...options, object.file, `s3://${bucket}/${object.key}`], { env })
    },
    async version() {
      return (await runCommand(program, ['--version'], { env })).trim().replace('s3cmd version ', '')
    },
    /** multipart above the part size */
    isMultipart: (object) => object.partSizeBytes !== null && object.sizeBytes > object.partSizeBytes,
  }
}

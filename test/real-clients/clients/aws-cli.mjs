import { link, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'

/**
 * aws-cli. `aws s3 cp` goes multipart from the threshold on (a size equal to it included); a single PUT is `aws s3api put-object`,
 * which also sends any key as it is.
 */
export async function awsCli({ program, endpoint, region, credentials, bucket, folder }) {
  const base = {
    PATH: process.env.PATH,
    HOME: folder,
    LC_ALL: 'C.UTF-8',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  }

  async function environment(partSizeBytes) {
    const config = join(folder, `aws-config-${partSizeBytes ?? 'single'}`)
    const parts = partSizeBytes === null ? '' : `  multipart_threshold = ${partSizeBytes}\n  multipart_chunksize = ${partSizeBytes}\n`
    await writeFile(config, `[default]\ns3 =\n  addressing_style = path\n  max_concurrent_requests = 2\n${parts}`)
    return { ...base, AWS_CONFIG_FILE: config }
  }

  return {
    /** Multipart uploads of one part size whose keys differ in their last segment only: `aws s3 cp --recursive` starts Python once for them all. */
    async uploadFolder(objects) {
      const [{ key, partSizeBytes }] = objects
      const prefix = key.slice(0, key.lastIndexOf('/') + 1)
      const directory = join(folder, `aws-folder-${partSizeBytes}`)
      await mkdir(directory)
      for (const object of objects) await link(object.file, join(directory, object.key.slice(prefix.length)))
      const args = ['--endpoint-url', endpoint, 's3', 'cp', '--recursive', '--no-progress', directory, `s3://${bucket}/${prefix}`]
      await runCommand(program, args, { env: await environment(partSizeBytes) })
    },
    async upload(object) {
      const { headers } = object
      const metadata = Object.entries(object.metadata)
      const options = [
        ...(headers.contentType === undefined ? [] : ['--content-type', headers.contentType]),
        ...(headers.cacheControl === undefined ? [] : ['--cache-control', headers.cacheControl]),
        ...(headers.contentDisposition === undefined ? [] : ['--content-disposition', headers.contentDisposition]),
        ...(headers.contentEncoding === undefined ? [] : ['--content-encoding', headers.contentEncoding]),
        ...(headers.contentLanguage === undefined ? [] : ['--content-language', headers.contentLanguage]),
        ...(headers.expires === undefined ? [] : ['--expires', headers.expires]),
        ...(metadata.length === 0 ? [] : ['--metadata', JSON.stringify(object.metadata)]),
      ]
      const env = await environment(object.partSizeBytes)
      if (object.partSizeBytes === null) {
        const where = ['--bucket', bucket, '--key', object.key, '--body', object.file]
        await runCommand(program, ['--endpoint-url', endpoint, 's3api', 'put-object', ...where, ...options], { env })
      } else {
        await runCommand(program, ['--endpoint-url', endpoint, 's3', 'cp', '--no-progress', object.file, `s3://${bucket}/${object.key}`, ...options], { env })
      }
    },
    async version() {
      return (await runCommand(program, ['--version'], { env: base })).split(' ')[0].replace('aws-cli/', '')
    },
    /** multipart from the threshold on */
    isMultipart: (object) => object.partSizeBytes !== null && object.sizeBytes >= object.partSizeBytes,
  }
}

import { fileURLToPath } from 'node:url'
import { runCommand } from './run-command.ts'

const SCRIPT = fileURLToPath(new URL('./boto3_upload.py', import.meta.url))

/** boto3, as one Python process for all its objects. A layout that is written out goes part by part, the rest by `upload_file` or `put_object`. */
export async function boto3({ program, endpoint, region, credentials, bucket, folder }) {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    LC_ALL: 'C.UTF-8',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  return {
    /** all of them in one go */
    async uploadAll(objects) {
      await runCommand(program, [SCRIPT], { env, input: JSON.stringify({ endpoint, bucket, objects }), timeoutMs: 120_000 })
    },
    async version() {
      return (await runCommand(program, ['-c', 'import boto3; print(boto3.__version__)'], { env })).trim()
    },
    /** `upload_file` goes multipart from the threshold on */
    isMultipart: (object) => object.partSizes !== null || (object.partSizeBytes !== null && object.sizeBytes >= object.partSizeBytes),
  }
}

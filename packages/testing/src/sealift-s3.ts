#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { PERSONALITIES, type PersonalityName } from './server/personality.ts'
import { startS3Server } from './server/start-s3-server.ts'

const HELP = `An S3 for tests and demos, on 127.0.0.1, in memory. Not a store.

  sealift-s3 [--personality NAME] [--port N] [--bucket NAME]...
             [--access-key KEY --secret-key SECRET] [--region NAME]

Personalities: ${PERSONALITIES.join(', ')}.

Prints its endpoint and credentials as KEY=value lines and runs until SIGTERM or SIGINT.
`

/** What the command line asks for, or what is wrong with it. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      personality: { type: 'string', default: 'aws' },
      port: { type: 'string', default: '0' },
      bucket: { type: 'string', multiple: true, default: [] },
      'access-key': { type: 'string' },
      'secret-key': { type: 'string' },
      region: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  const { personality, port, region } = values
  if (!(PERSONALITIES as readonly string[]).includes(personality))
    return complain(`--personality: got ${personality}, expected one of ${PERSONALITIES.join(', ')}`)
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return complain(`--port: got ${port}, expected 0 to 65535`)
  const accessKeyId = values['access-key']
  const secretAccessKey = values['secret-key']
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) return complain('--access-key and --secret-key go together')
  const server = await startS3Server({
    personality: personality as PersonalityName,
    port: Number(port),
    buckets: values.bucket,
    ...(accessKeyId === undefined || secretAccessKey === undefined ? {} : { credentials: { accessKeyId, secretAccessKey } }),
    ...(region === undefined ? {} : { region }),
  })
  process.stdout.write(
    [
      `sealift-s3 (${personality}) listens on ${server.endpoint}`,
      `S3_ENDPOINT=${server.endpoint}`,
      `S3_REGION=${server.region}`,
      `S3_ACCESS_KEY_ID=${server.credentials.accessKeyId}`,
      `S3_SECRET_ACCESS_KEY=${server.credentials.secretAccessKey}`,
      '',
    ].join('\n'),
  )
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })
  await server.close()
  return 0
}

function complain(message: string): number {
  process.stderr.write(`sealift-s3: ${message}\n`)
  return 2
}

try {
  process.exitCode = await main()
} catch (error) {
  process.exitCode = complain(error instanceof Error ? error.message : String(error))
}

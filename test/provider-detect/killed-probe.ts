// A probe in a process of its own, for tests that kill it. Its client and bucket come as JSON in the first argument.
import { S3Client } from '@aws-sdk/client-s3'
import { genericProfile } from '@sealift/core'
import { probeProvider } from '@sealift/provider-detect'

const { clientConfig, bucket } = JSON.parse(process.argv[2] ?? '{}')
await probeProvider(new S3Client(clientConfig), bucket, { profile: genericProfile })
console.log('done')

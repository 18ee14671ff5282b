import { createHash, createHmac } from 'node:crypto'
import type { ProbeTarget } from './probe-result.ts'

/**
 * A signed URL (SigV4 in the query, `UNSIGNED-PAYLOAD`, good for 15 minutes) for a key of plain characters.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function presignUrl(target: ProbeTarget, method: 'GET' | 'PUT', bucket: string, key: string): string {
  const url = new URL(`/${bucket}/${key}`, target.endpoint)
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const scope = `${time.slice(0, 8)}/${target.region}/s3/aws4_request`
  const query = Object.entries({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${target.credentials.accessKeyId}/${scope}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': '900',
    'X-Amz-SignedHeaders': 'host',
  })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  const canonical = [method, url.pathname, query, `host:${url.host}`, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
  const key4 = [time.slice(0, 8), target.region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${target.credentials.secretAccessKey}`,
  )
  return `${url.origin}${url.pathname}?${query}&X-Amz-Signature=${createHmac('sha256', key4).update(toSign).digest('hex')}`
}

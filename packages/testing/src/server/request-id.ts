import { randomBytes } from 'node:crypto'
import type { Personality, RequestIdShape } from './personality.ts'

/** A request id as this kind of server makes them. */
export function newRequestId(shape: RequestIdShape): string {
  const seconds = Math.floor(Date.now() / 1000)
    .toString(16)
    .padStart(10, '0')
  switch (shape) {
    case 'aws':
    case 'minio':
      return upperHex(8)
    case 'ceph':
      return `tx${randomBytes(11).toString('hex').slice(0, 21)}-${seconds}-1053-default`
    case 'swift':
      return `tx${randomBytes(11).toString('hex').slice(0, 21)}-${seconds}`
    case 'r2':
      return randomBytes(8).toString('hex')
    case 'wasabi':
      return `${upperHex(8)}:A`
    case 'gcs':
      return randomBytes(66).toString('base64url')
    case 'oss':
      return upperHex(12)
    case 'seaweedfs':
      return `${(BigInt(Date.now()) * 1_000_000n).toString(16).toUpperCase()}${upperHex(4)}`
  }
}

/** The headers by which one knows the software. */
export function fingerprintHeaders(personality: Personality, requestId: string): Record<string, string> {
  const headers: Record<string, string> = personality.serverHeader === null ? {} : { server: personality.serverHeader }
  for (const [name, value] of Object.entries(personality.replyHeaders)) headers[name] = value.replace('{requestId}', requestId)
  return headers
}

function upperHex(bytes: number): string {
  return randomBytes(bytes).toString('hex').toUpperCase()
}

import { randomBytes } from 'node:crypto'
import { AWS_HOST_ID, MINIO_HOST_ID } from './error-reply.ts'
import type { Personality } from './personality.ts'

/** A request id as this kind of server makes them. */
export function newRequestId(shape: Personality['requestId']): string {
  const seconds = Math.floor(Date.now() / 1000)
    .toString(16)
    .padStart(10, '0')
  switch (shape) {
    case 'aws':
    case 'minio':
      return randomBytes(8).toString('hex').toUpperCase()
    case 'ceph':
      return `tx${randomBytes(11).toString('hex').slice(0, 21)}-${seconds}-1053-default`
    case 'swift':
      return `tx${randomBytes(11).toString('hex').slice(0, 21)}-${seconds}`
    case 'r2':
      return randomBytes(8).toString('hex')
  }
}

/** The headers by which one knows the software. */
export function fingerprintHeaders(personality: Personality, requestId: string): Record<string, string> {
  const headers: Record<string, string> = personality.serverHeader === null ? {} : { server: personality.serverHeader }
  switch (personality.requestId) {
    case 'aws':
      return { ...headers, 'x-amz-request-id': requestId, 'x-amz-id-2': AWS_HOST_ID }
    case 'minio':
      return { ...headers, 'x-amz-request-id': requestId, 'x-amz-id-2': MINIO_HOST_ID }
    case 'ceph':
      return { ...headers, 'x-amz-request-id': requestId }
    case 'swift':
      return { ...headers, 'x-amz-request-id': requestId, 'x-amz-id-2': requestId, 'x-trans-id': requestId, 'x-openstack-request-id': requestId }
    case 'r2':
      return { ...headers, 'cf-ray': `${requestId}-AMS` }
  }
}

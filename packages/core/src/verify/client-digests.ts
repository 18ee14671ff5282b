import type { HashAlgorithm } from '../checksum/algorithm.ts'

export interface ClientDigest {
  readonly algorithm: HashAlgorithm
  readonly hex: string
}

/**
 * Digests of the whole object that an uploading client left in user metadata. They go stale when somebody rewrites the
 * object with its old metadata: an equal one proves, a different one says nothing.
 * - rclone: `md5chksum`, base64 (rclone backend/s3/s3.go, `metaMD5Hash`)
 * - s3cmd: `md5:<hex>` among the `/`-separated fields of `s3cmd-attrs` (s3cmd S3/S3.py)
 */
export function clientDigests(user: Readonly<Record<string, string>>): ClientDigest[] {
  const found: ClientDigest[] = []
  const rclone = user.md5chksum
  if (rclone !== undefined && /^[A-Za-z0-9+/]{22}==$/.test(rclone)) found.push({ algorithm: 'md5', hex: Buffer.from(rclone, 'base64').toString('hex') })
  const s3cmd = /(?:^|\/)md5:([0-9a-f]{32})(?:\/|$)/i.exec(user['s3cmd-attrs'] ?? '')?.[1]
  if (s3cmd !== undefined) found.push({ algorithm: 'md5', hex: s3cmd.toLowerCase() })
  return found
}

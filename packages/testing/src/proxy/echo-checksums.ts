import type { HttpHead } from './http-head.ts'

const CLAIM = /^x-amz-checksum-(crc32|crc32c|crc64nvme|sha1|sha256|sha512|md5|xxhash\w+):/i

/** The reply with the checksums that the request's headers claimed in place of its own; null when the request claimed none. */
export function withChecksumsEchoed(request: HttpHead, reply: HttpHead): HttpHead | null {
  const claimed = request.lines.filter((line) => CLAIM.test(line))
  if (claimed.length === 0) return null
  return { ...reply, lines: [...reply.lines.filter((line) => !/^x-amz-checksum-/i.test(line)), ...claimed] }
}

import { type S3Endpoint, SealiftError } from '@sealift/core'

/**
 * Asks for the bucket's default retention before anything is written. A store that does not know the question, or does not let us ask it, is probed.
 * @throws `ERR_INVALID_STATE` where every new object would be locked
 */
export async function refuseRetention(endpoint: S3Endpoint, bucket: string, signal: AbortSignal): Promise<void> {
  const retention = await endpoint.defaultRetention({ signal }).catch((error: unknown) => {
    if (signal.aborted || !SealiftError.is(error)) throw error
    return null
  })
  if (retention === null) return
  throw retained(bucket, `it locks every new object (${retention.mode}, ${retention.period}), so that nothing of a probe could be taken out again`)
}

export function retained(bucket: string, why: string): SealiftError {
  return new SealiftError('ERR_INVALID_STATE', `the bucket ${bucket} cannot be probed: ${why}. Probe another bucket of that endpoint, and pass its profile`, {
    context: { bucket },
  })
}

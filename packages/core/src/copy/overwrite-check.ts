import { SealiftError } from '../errors.ts'
import type { CopyJob } from './copy-job.ts'
import { headWritten } from './destination-identity.ts'

/**
 * Under `overwrite: 'never'`, looks whether the key is free where the server does not do so itself (design: conditional writes). The race between this
 * look and the write remains there.
 * @throws `ERR_DESTINATION_EXISTS`
 */
export async function checkAbsent(job: CopyJob): Promise<void> {
  if (job.settings.overwrite !== 'never') return
  if ((await headWritten(job, job.destinationRef)) !== null) throw existsError(job)
}

/** The error for an object that is there already under `overwrite: 'never'`. */
export function existsError(job: CopyJob, cause?: unknown): SealiftError {
  const { bucket, key } = job.destinationRef
  return new SealiftError('ERR_DESTINATION_EXISTS', `destination ${bucket}/${key} exists already, and overwrite is 'never'`, {
    context: { bucket, key },
    ...(cause === undefined ? {} : { cause }),
  })
}

import type { ProbeContext } from './probe-context.ts'

/** Removes what a run wrote, as far as the server lets it: uploads, versions, buckets. Nothing here fails. */
export async function clearBuckets(probe: ProbeContext): Promise<void> {
  const { s3 } = probe
  // Swift refuses this key with a 500, stores it all the same, and then answers every listing that would show it with a 500
  await s3.deleteObject({ Bucket: probe.bucket, Key: 'odd/ctl\u0001x' }).catch(() => {})
  for (const Bucket of [probe.bucket, probe.listBucket, probe.versionBucket, probe.lockBucket]) {
    const uploads = await s3.listMultipartUploads({ Bucket }).catch(() => null)
    for (const { Key, UploadId } of uploads?.Uploads ?? []) await s3.abortMultipartUpload({ Bucket, Key, UploadId }).catch(() => {})
    const versioned = await s3.listObjectVersions({ Bucket }).catch(() => null)
    const listed = versioned === null ? await s3.listObjectsV2({ Bucket }).catch(() => null) : null
    const entries = [
      ...(versioned?.Versions ?? []),
      ...(versioned?.DeleteMarkers ?? []),
      ...(listed?.Contents ?? []).map(({ Key }) => ({ Key, VersionId: undefined })),
    ]
    await Promise.all(
      entries.map(async ({ Key, VersionId }) => {
        const version = VersionId === undefined ? {} : { VersionId }
        await s3.deleteObject({ Bucket, Key, ...version, ...(Bucket === probe.lockBucket ? { BypassGovernanceRetention: true } : {}) }).catch(() => {})
      }),
    )
    await s3.deleteBucket({ Bucket }).catch(() => {})
  }
}

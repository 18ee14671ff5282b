import type { S3 } from '@aws-sdk/client-s3'

/** Everything that a bucket holds, by the plain SDK: objects, versions, delete markers, uploads; sorted keys. */
export async function bucketRest(s3: S3, bucket: string): Promise<{ readonly entries: readonly string[]; readonly uploads: readonly string[] }> {
  const versions = await s3.listObjectVersions({ Bucket: bucket }).catch(() => null)
  const plain = await s3.listObjectsV2({ Bucket: bucket })
  const uploads = await s3.listMultipartUploads({ Bucket: bucket })
  const keys = [...(versions?.Versions ?? []), ...(versions?.DeleteMarkers ?? []), ...(plain.Contents ?? [])].map(({ Key }) => Key ?? '')
  return { entries: [...new Set(keys)].sort(), uploads: (uploads.Uploads ?? []).map(({ Key }) => Key ?? '') }
}

import { GIB, MAX_PART_BYTES, MAX_PARTS, MIB, MIN_PART_BYTES } from '../limits.ts'

/** How one uploader chooses its part size. */
export interface UploaderRule {
  readonly uploader: string
  /** bytes of a part for an object of that size, as its defaults give it */
  readonly partSizeBytes: (sizeBytes: number) => number
  /** from this object size on it uploads in parts by default (users lower it) */
  readonly thresholdBytes: number
  readonly source: string
}

/** Doubles until the parts are few enough (aws-cli, boto3). */
const doubling =
  (base: number) =>
  (sizeBytes: number): number => {
    let size = base
    while (Math.ceil(sizeBytes / size) > MAX_PARTS) size *= 2
    return Math.min(Math.max(size, MIN_PART_BYTES), MAX_PART_BYTES)
  }

const atLeastCeil =
  (base: number) =>
  (sizeBytes: number): number =>
    Math.max(base, Math.ceil(sizeBytes / MAX_PARTS))

/** The Go SDK's: one byte more than the floor, also where the division has no rest. */
const floorPlusOne =
  (base: number) =>
  (sizeBytes: number): number =>
    Math.floor(sizeBytes / base) >= MAX_PARTS ? Math.floor(sizeBytes / MAX_PARTS) + 1 : base

const grownInSteps =
  (base: number, step: number) =>
  (sizeBytes: number): number =>
    Math.max(base, Math.ceil(Math.floor(sizeBytes / MAX_PARTS) / step) * step)

/** The common runtime's: a grown part is rounded up to a multiple of the configured one. */
const commonRuntime =
  (base: number) =>
  (sizeBytes: number): number => {
    const needed = Math.ceil(sizeBytes / MAX_PARTS)
    return needed <= base ? base : Math.ceil(needed / base) * base
  }

/** Whole MiB, and one more where the division by 10,000 is a whole MiB but leaves bytes over. */
function rclone(sizeBytes: number): number {
  if (Math.ceil(sizeBytes / (5 * MIB)) <= MAX_PARTS) return 5 * MIB
  const size = Math.ceil(Math.floor(sizeBytes / MAX_PARTS) / MIB) * MIB
  return Math.floor(sizeBytes / size) === MAX_PARTS && sizeBytes % MAX_PARTS !== 0 ? size + MIB : size
}

const fixed = (size: number) => (): number => size

/**
 * Default part sizes of common uploaders, the likeliest first. The rules are those of their source code on the commits named;
 * sizes that users configure are found among the whole MiB.
 */
export const UPLOADER_RULES: readonly UploaderRule[] = [
  {
    uploader: 'aws-cli, boto3',
    partSizeBytes: doubling(8 * MIB),
    thresholdBytes: 8 * MIB,
    source: 'boto/s3transfer@bf42628:s3transfer/utils.py',
  },
  {
    uploader: 'AWS common runtime (aws-cli crt, Java, Python), Mountpoint',
    partSizeBytes: commonRuntime(8 * MIB),
    thresholdBytes: 8 * MIB,
    source: 'awslabs/aws-c-s3@226c3e6:source/s3_util.c',
  },
  {
    uploader: 'AWS SDK for JavaScript, Java v1, .NET, Ruby',
    partSizeBytes: atLeastCeil(5 * MIB),
    thresholdBytes: 5 * MIB,
    source: 'aws/aws-sdk-js-v3@004d6c0:lib/lib-storage/src/Upload.ts',
  },
  {
    uploader: 'AWS SDK for Go, Terraform',
    partSizeBytes: floorPlusOne(5 * MIB),
    thresholdBytes: 5 * MIB,
    source: 'aws/aws-sdk-go@06f6a4a:service/s3/s3manager/upload.go',
  },
  { uploader: 'AWS SDK for Java v2', partSizeBytes: atLeastCeil(8 * MIB), thresholdBytes: 8 * MIB, source: 'unconfirmed' },
  {
    uploader: 'rclone',
    partSizeBytes: rclone,
    thresholdBytes: 200 * MIB,
    source: 'rclone/rclone@64ab1ac:fs/chunksize/chunksize.go',
  },
  {
    uploader: 'minio-go, mc, sealift',
    partSizeBytes: grownInSteps(16 * MIB, 16 * MIB),
    thresholdBytes: 16 * MIB,
    source: 'minio/minio-go@e9f656c:api-put-object-common.go',
  },
  { uploader: 's3cmd', partSizeBytes: fixed(15 * MIB), thresholdBytes: 15 * MIB, source: 's3tools/s3cmd@cee84f9:S3/Config.py' },
  { uploader: 's5cmd', partSizeBytes: floorPlusOne(50 * MIB), thresholdBytes: 50 * MIB, source: 'peak/s5cmd@54d6a8a:command/cp.go' },
  {
    uploader: 'Cyberduck, Mountain Duck',
    partSizeBytes: (sizeBytes) => Math.max(10 * MIB, Math.floor(sizeBytes / (MAX_PARTS - 1))),
    thresholdBytes: 100 * MIB,
    source: 'iterate-ch/cyberduck@06d104c:S3MultipartUploadService.java',
  },
  { uploader: 'Hadoop S3A, Storj clients', partSizeBytes: fixed(64 * MIB), thresholdBytes: 64 * MIB, source: 'storj/docs@ea191a5; Hadoop unconfirmed' },
  { uploader: 'Hadoop S3A of older releases, OBS', partSizeBytes: fixed(100 * MIB), thresholdBytes: 100 * MIB, source: 'unconfirmed' },
  { uploader: 'Hadoop S3A as often configured', partSizeBytes: fixed(128 * MIB), thresholdBytes: 128 * MIB, source: 'unconfirmed' },
  { uploader: 'Hadoop S3A as often configured', partSizeBytes: fixed(32 * MIB), thresholdBytes: 32 * MIB, source: 'unconfirmed' },
  { uploader: 'AWS console', partSizeBytes: fixed(17_179_870), thresholdBytes: 16 * MIB, source: 'unconfirmed' },
  {
    uploader: 's3fs-fuse',
    partSizeBytes: fixed(10 * MIB),
    thresholdBytes: 10 * MIB,
    source: 's3fs-fuse/s3fs-fuse@46017f2:src/curl.cpp',
  },
  {
    uploader: 'minio-go, size unknown',
    partSizeBytes: fixed(528 * MIB),
    thresholdBytes: 528 * MIB,
    source: 'minio/minio-go@e9f656c:api-put-object-common.go',
  },
  {
    uploader: 'goofys copy, geesefs copy',
    partSizeBytes: (sizeBytes) => Math.max(50 * MIB, Math.floor(sizeBytes / (MAX_PARTS - 1))),
    thresholdBytes: 50 * MIB,
    source: 'kahing/goofys@350ff31:internal/backend_s3.go',
  },
  { uploader: 's3fs copy', partSizeBytes: fixed(512 * MIB), thresholdBytes: 512 * MIB, source: 's3fs-fuse/s3fs-fuse@46017f2:src/curl.cpp' },
  { uploader: 's3cmd copy', partSizeBytes: fixed(GIB), thresholdBytes: GIB, source: 's3tools/s3cmd@cee84f9:S3/Config.py' },
  { uploader: 'rclone copy', partSizeBytes: fixed(4768 * MIB), thresholdBytes: 4768 * MIB, source: 'rclone/rclone@64ab1ac:backend/s3/s3.go' },
  {
    uploader: 'AWS SDK for Java v1, client-side encryption',
    partSizeBytes: (sizeBytes) => Math.ceil(Math.max(5 * MIB, Math.ceil(sizeBytes / MAX_PARTS)) / 32) * 32,
    thresholdBytes: 16 * MIB,
    source: 'unconfirmed',
  },
]

/** What the known uploaders would take for an object of that size: first those that upload such an object in parts by default. May repeat. */
export function uploaderPartSizes(sizeBytes: number): number[] {
  const byDefault = UPLOADER_RULES.filter((rule) => sizeBytes >= rule.thresholdBytes)
  const lowered = UPLOADER_RULES.filter((rule) => sizeBytes < rule.thresholdBytes)
  return [...byDefault, ...lowered].map((rule) => rule.partSizeBytes(sizeBytes))
}

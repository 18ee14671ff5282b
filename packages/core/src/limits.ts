/** Bytes in a MiB. */
export const MIB: number = 1024 * 1024

/** Bytes in a GiB. */
export const GIB: number = 1024 * MIB

/** Smallest part, the last one aside. @see {@link https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html} */
export const MIN_PART_BYTES: number = 5 * MIB

/** Largest part. @see {@link https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html} */
export const MAX_PART_BYTES: number = 5 * GIB

/** Parts of one upload, numbered from 1. @see {@link https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html} */
export const MAX_PARTS: number = 10_000

/** Body of one PutObject or CopyObject. @see {@link https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html} */
export const MAX_SINGLE_PUT_BYTES: number = 5 * GIB

/**
 * Largest object: 10,000 parts of 5 GiB (48.8 TiB, which S3 calls 50 TB; 5 TiB until late 2025, and still the limit of many other stores).
 * @see {@link https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html}
 */
export const MAX_OBJECT_BYTES: number = MAX_PARTS * MAX_PART_BYTES

/** Length of a key in UTF-8. @see {@link https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html} */
export const MAX_KEY_BYTES: number = 1024

/** User metadata of one object, names and values together. @see {@link https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html} */
export const MAX_METADATA_BYTES: number = 2048

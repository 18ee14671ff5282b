export {
  type ChecksumAlgorithm,
  type ChecksumType,
  DEFAULT_HASHES,
  DIGEST_BYTES,
  HASH_ALGORITHMS,
  type HashAlgorithm,
  isHashAlgorithm,
} from './checksum/algorithm.ts'
export { type CompositeChecksum, compositeChecksum } from './checksum/composite-checksum.ts'
export { type CombinableCrc, combineCrc } from './checksum/crc-combine.ts'
export { type Digest, digestBytes } from './checksum/digest.ts'
export { multipartETag, multipartETagOf } from './checksum/multipart-etag.ts'
export { feasiblePartSizes, MAX_RANKED_PART_SIZES, rankedPartSizes } from './checksum/part-size.ts'
export { prepareHashes } from './checksum/wasm-hashers.ts'
export { type ExpectedCopy, type ExpectedCopyInput, type ExpectedObject, type ExpectedRequests, expectCopy } from './copy/expected-copy.ts'
export * from './errors.ts'
export { type ParsedETag, parseETag } from './etag.ts'
export { genericProfile } from './generic-profile.ts'
export { NativeHashEngine } from './hash/native-hash-engine.ts'
export { type DefaultHash, type StreamDigests, StreamingHasher } from './hash/streaming-hasher.ts'
export { type ConsoleReporterOptions, reportToConsole, resultLine } from './migration/console-reporter.ts'
export { type EventObject, type SealiftEventMap, type SealiftEventName, SealiftEvents } from './migration/events.ts'
export type { DestinationLocation, Location, SourceLocation } from './migration/location-options.ts'
export { migrateObject } from './migration/migrate-object.ts'
export type { DetectedProvider, DetectProvider, MigrateObjectOptions, VerifyOptions } from './migration/migrate-options.ts'
export { asCandidate } from './migration/provider-choice.ts'
export { type AbortedUploads, abortUploads, listUploads, type UnfinishedUpload, type UploadsLocation } from './migration/uploads.ts'
export { type VerifyObjectOptions, verifyObject } from './migration/verify-object.ts'
export type { EndpointResult, LayoutOrigin, NotCarried, ObjectResult, Orphan, Route } from './object-result.ts'
export { ObjectStoreError } from './object-store-error.ts'
export type { HashEngine, HashStream } from './ports/hash-engine.ts'
export type {
  CallCount,
  CloseOptions,
  CompletedPart,
  CompleteOptions,
  ConditionalReadOptions,
  CopyObjectOptions,
  CopyOptions,
  CopySource,
  CreateUploadOptions,
  HeadOptions,
  ListedPart,
  ListedUpload,
  ObjectLockState,
  ObjectMetadata,
  ObjectRead,
  ObjectRef,
  ObjectStat,
  ObjectStore,
  ObjectTag,
  PutOptions,
  ReadOptions,
  StoredChecksum,
  StoreFailureReason,
  StoreOptions,
  UploadCreated,
  WriteBody,
  WriteChecks,
  WriteConditions,
  WriteReceipt,
} from './ports/object-store.ts'
export type {
  ChecksumSupport,
  Claim,
  ClaimSource,
  CopySupport,
  EncryptionKind,
  EtagSemantics,
  MetadataSupport,
  PartLimits,
  ProviderProfile,
  ReadSupport,
  WriteSupport,
} from './ports/provider-profile.ts'
export type {
  IntegritySummary,
  Lease,
  OpenUpload,
  ResultQuery,
  ResultStore,
  StoreCallOptions,
  StoredResult,
  TaskEpoch,
  TaskRecord,
  TaskStart,
  TaskStatus,
} from './ports/result-store.ts'
export { validateProfile } from './profile-validation.ts'
export type { ServerSideEncryption } from './s3/location-headers.ts'
export type { RequestListener } from './s3/s3-call.ts'
export type { S3ClientLike } from './s3/s3-client-like.ts'
export {
  type DefaultRetention,
  type ListedVersion,
  openS3Endpoint,
  type S3Endpoint,
  type S3EndpointAddress,
  type S3EndpointOptions,
  type S3EndpointQuestion,
  type S3EndpointReply,
} from './s3/s3-endpoint.ts'
export { createS3ObjectStore, type S3ObjectStoreOptions, type TransportListener } from './s3/s3-object-store.ts'
export {
  type Assurance,
  type Evidence,
  type EvidenceLeg,
  type EvidenceMethod,
  type EvidenceOutcome,
  type EvidenceTrust,
  VERDICTS,
  type Verdict,
} from './verify/evidence.ts'

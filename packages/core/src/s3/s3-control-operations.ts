import type * as S3 from '@aws-sdk/client-s3'
import { ObjectStoreError } from '../object-store-error.ts'
import type {
  CallCount,
  CompletedPart,
  CompleteOptions,
  CreateUploadOptions,
  ObjectRef,
  ObjectStore,
  ObjectTag,
  StoreOptions,
  UploadCreated,
  WriteReceipt,
} from '../ports/object-store.ts'
import { grantsFromAcl } from './acl-grants.ts'
import { invalidReply } from './s3-errors.ts'
import { announcedChecksumHeaders, completeChecksumHeaders, conditionHeaders, dateOf, objectStateHeaders, receiptFromHeaders } from './s3-mappers.ts'
import { callOf, type StoreParts } from './store-parts.ts'

/** A store may look at every part in silence before it answers Complete: some of them for minutes. */
const WAIT_PER_PART_MS = 50
const MAX_EXTRA_WAIT_MS = 5 * 60_000

type ControlOperations = Required<
  Pick<ObjectStore, 'createUpload' | 'completeUpload' | 'abortUpload' | 'delete' | 'getTags' | 'putTags' | 'getAclGrants' | 'putRetention' | 'putLegalHold'>
>

/** Everything that is one small request by the SDK. */
export function createControlOperations(parts: StoreParts): ControlOperations {
  const { sdk, caller, location, profile } = parts
  const always = location.always

  async function createUpload(ref: ObjectRef, options: CreateUploadOptions): Promise<UploadCreated> {
    const call = callOf(parts, 'CreateMultipartUpload', ref)
    const command = new sdk.CreateMultipartUploadCommand(place(ref))
    const headers = { ...location.write, ...objectStateHeaders(options), ...announcedChecksumHeaders(options.checksum) }
    const { output, reply, attempts } = await caller.control<S3.CreateMultipartUploadCommandOutput>(call, command, {
      headers,
      ownContentType: true,
      signal: options.signal,
    })
    const uploadId = output.UploadId
    if (uploadId === undefined || uploadId === '') throw invalidReply(call, 'the reply names no upload', attempts)
    return { uploadId, serverDate: dateOf(reply.headers['date']), attempts }
  }

  async function completeUpload(ref: ObjectRef, uploadId: string, completed: readonly CompletedPart[], options: CompleteOptions): Promise<WriteReceipt> {
    const call = callOf(parts, 'CompleteMultipartUpload', ref, {
      upload: true,
      ifNoneMatch: options.ifNoneMatch !== undefined,
      conditional: options.ifNoneMatch !== undefined || options.ifMatch !== undefined,
    })
    const command = new sdk.CompleteMultipartUploadCommand({ ...place(ref), UploadId: uploadId, MultipartUpload: { Parts: completed.map(sdkPart) } })
    const headers = {
      ...location.access,
      ...conditionHeaders(options),
      ...completeChecksumHeaders(options.checksum),
      ...(profile.writes.sizeOnComplete === 'yes' ? { 'x-amz-mp-object-size': String(options.sizeBytes) } : {}),
    }
    const { output, reply, attempts } = await caller.control<S3.CompleteMultipartUploadCommandOutput>(call, command, {
      headers,
      signal: options.signal,
      extraWaitMs: Math.min(completed.length * WAIT_PER_PART_MS, MAX_EXTRA_WAIT_MS),
    })
    return receiptFromHeaders(reply.headers, attempts, output.ETag, location.asked)
  }

  async function abortUpload(ref: ObjectRef, uploadId: string, options: StoreOptions = {}): Promise<CallCount> {
    const call = callOf(parts, 'AbortMultipartUpload', ref, { upload: true })
    try {
      const command = new sdk.AbortMultipartUploadCommand({ ...place(ref), UploadId: uploadId })
      const { attempts } = await caller.control(call, command, { headers: always, signal: options.signal })
      return { attempts }
    } catch (error) {
      if (error instanceof ObjectStoreError && error.reason === 'no-such-upload') return { attempts: error.attempts }
      throw error
    }
  }

  async function remove(ref: ObjectRef, options: StoreOptions & { readonly ifMatch?: string | undefined } = {}): Promise<CallCount> {
    const call = callOf(parts, 'DeleteObject', ref, { conditional: options.ifMatch !== undefined })
    const command = new sdk.DeleteObjectCommand({ ...place(ref), ...version(ref) })
    const { attempts } = await caller.control(call, command, {
      headers: { ...always, ...conditionHeaders({ ifMatch: options.ifMatch }) },
      signal: options.signal,
    })
    return { attempts }
  }

  async function getTags(ref: ObjectRef, options: StoreOptions = {}): Promise<{ readonly tags: readonly ObjectTag[] } & CallCount> {
    const command = new sdk.GetObjectTaggingCommand({ ...place(ref), ...version(ref) })
    const { output, attempts } = await caller.control<S3.GetObjectTaggingCommandOutput>(callOf(parts, 'GetObjectTagging', ref), command, {
      headers: always,
      xmlReply: 'sniffed',
      signal: options.signal,
    })
    return { tags: (output.TagSet ?? []).map(({ Key, Value }) => ({ key: Key ?? '', value: Value ?? '' })), attempts }
  }

  async function putTags(ref: ObjectRef, tags: readonly ObjectTag[], options: StoreOptions = {}): Promise<CallCount> {
    const command = new sdk.PutObjectTaggingCommand({
      ...place(ref),
      ...version(ref),
      Tagging: { TagSet: tags.map(({ key, value }) => ({ Key: key, Value: value })) },
    })
    const { attempts } = await caller.control(callOf(parts, 'PutObjectTagging', ref), command, {
      headers: always,
      contentMd5OfXml: true,
      signal: options.signal,
    })
    return { attempts }
  }

  async function getAclGrants(ref: ObjectRef, options: StoreOptions = {}): Promise<{ readonly grants: Readonly<Record<string, string>> } & CallCount> {
    const command = new sdk.GetObjectAclCommand({ ...place(ref), ...version(ref) })
    const { output, attempts } = await caller.control<S3.GetObjectAclCommandOutput>(callOf(parts, 'GetObjectAcl', ref), command, {
      headers: always,
      xmlReply: 'sniffed',
      signal: options.signal,
    })
    return { grants: grantsFromAcl(output.Grants ?? [], output.Owner?.ID), attempts }
  }

  async function putRetention(
    ref: ObjectRef,
    { mode, retainUntil }: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly retainUntil: string },
    options: StoreOptions = {},
  ): Promise<CallCount> {
    const command = new sdk.PutObjectRetentionCommand({
      ...place(ref),
      ...version(ref),
      Retention: { Mode: mode, RetainUntilDate: new Date(retainUntil) },
    })
    const call = callOf(parts, 'PutObjectRetention', ref)
    const { attempts } = await caller.control(call, command, { headers: always, contentMd5OfXml: true, signal: options.signal })
    return { attempts }
  }

  async function putLegalHold(ref: ObjectRef, on: boolean, options: StoreOptions = {}): Promise<CallCount> {
    const command = new sdk.PutObjectLegalHoldCommand({ ...place(ref), ...version(ref), LegalHold: { Status: on ? 'ON' : 'OFF' } })
    const call = callOf(parts, 'PutObjectLegalHold', ref)
    const { attempts } = await caller.control(call, command, { headers: always, contentMd5OfXml: true, signal: options.signal })
    return { attempts }
  }

  return { putRetention, putLegalHold, createUpload, completeUpload, abortUpload, delete: remove, getTags, putTags, getAclGrants }
}

function place(ref: ObjectRef): { Bucket: string; Key: string } {
  return { Bucket: ref.bucket, Key: ref.key }
}

function version(ref: ObjectRef): { VersionId?: string } {
  return ref.versionId === undefined ? {} : { VersionId: ref.versionId }
}

/** `ChecksumCRC32` and its like are named by the algorithm. */
function sdkPart(part: CompletedPart): S3.CompletedPart {
  const checksums = part.checksums.map(({ algorithm, digest }) => [`Checksum${algorithm.toUpperCase()}`, Buffer.from(digest).toString('base64')])
  return { PartNumber: part.partNumber, ETag: part.etag, ...Object.fromEntries(checksums) }
}

import type * as S3 from '@aws-sdk/client-s3'
import { ObjectStoreError } from '../object-store-error.ts'
import type { CallCount, ListedPart, ListedUpload, ObjectRef, ObjectStore, StoreOptions } from '../ports/object-store.ts'
import { type CallContext, invalidReply } from './s3-errors.ts'
import { callOf, type StoreParts } from './store-parts.ts'

interface UploadMarkers {
  KeyMarker?: string
  UploadIdMarker?: string
}

/** Listings: one request a page, and an end to those that do not advance. */
export function createListOperations(parts: StoreParts): Pick<ObjectStore, 'listParts' | 'listUploads' | 'partSizes'> {
  const { sdk, caller, location } = parts
  const headers = location.always

  async function* listParts(ref: ObjectRef, uploadId: string, options: StoreOptions = {}): AsyncGenerator<ListedPart> {
    const call = callOf(parts, 'ListParts', ref, { upload: true })
    let marker: string | undefined
    for (;;) {
      const command = new sdk.ListPartsCommand({
        Bucket: ref.bucket,
        Key: ref.key,
        UploadId: uploadId,
        ...(marker === undefined ? {} : { PartNumberMarker: marker }),
      })
      const { output, attempts } = await caller.control<S3.ListPartsCommandOutput>(call, command, { headers, xmlReply: 'sniffed', signal: options.signal })
      for (const part of output.Parts ?? []) {
        if (part.PartNumber === undefined) throw invalidReply(call, 'a part without a number', attempts)
        yield { partNumber: part.PartNumber, etag: part.ETag ?? '', sizeBytes: part.Size ?? 0 }
      }
      if (output.IsTruncated !== true) return
      const next = output.NextPartNumberMarker
      if (next === undefined || !(Number(next) > Number(marker ?? 0))) throw invalidReply(call, 'the listing does not advance', attempts)
      marker = String(next)
    }
  }

  async function* listUploads(bucket: string, prefix: string, options: StoreOptions = {}): AsyncGenerator<ListedUpload> {
    const call = callOf(parts, 'ListMultipartUploads', { bucket, key: prefix })
    const seen = new Set<string>()
    let markers: UploadMarkers = {}
    let urlEncoded = false
    for (;;) {
      const page = await uploadPage(call, { Bucket: bucket, Prefix: prefix, ...markers }, urlEncoded, options.signal)
      urlEncoded = page.urlEncoded
      for (const upload of page.uploads) if (upload.key.startsWith(prefix)) yield upload
      if (page.next === null) return
      markers = page.next
      const place = JSON.stringify(markers)
      if (markers.KeyMarker === undefined || seen.has(place)) throw invalidReply(call, 'the listing does not advance', page.attempts)
      seen.add(place)
    }
  }

  /**
   * One page. Plain at first: Ceph 16 encodes the keys of an `encoding-type=url` reply without saying so. Where a server cannot write a key into
   * XML (Swift: a 500 for control characters), again with `encoding-type=url`.
   */
  async function uploadPage(
    call: CallContext,
    input: { Bucket: string; Prefix: string } & UploadMarkers,
    urlEncoded: boolean,
    signal: AbortSignal | undefined,
  ): Promise<{ uploads: ListedUpload[]; next: UploadMarkers | null; urlEncoded: boolean; attempts: number }> {
    const command = new sdk.ListMultipartUploadsCommand({ ...input, ...(urlEncoded ? { EncodingType: 'url' } : {}) })
    let page: { output: S3.ListMultipartUploadsCommandOutput; attempts: number }
    try {
      page = await caller.control<S3.ListMultipartUploadsCommandOutput>(call, command, { headers, xmlReply: 'sniffed', signal })
    } catch (error) {
      const cannotWrite = error instanceof ObjectStoreError && (error.reason === 'invalid-reply' || error.context.status === 500)
      if (!cannotWrite || urlEncoded) throw error
      return uploadPage(call, input, true, signal)
    }
    const { output, attempts } = page
    const decode = urlEncoded && output.EncodingType === 'url' ? decodeUrl : (text: string): string => text
    const uploads = (output.Uploads ?? []).map(({ Key, UploadId, Initiated }) => {
      if (Key === undefined || UploadId === undefined) throw invalidReply(call, 'an upload without key or id', attempts)
      return { key: decode(Key), uploadId: UploadId, initiated: Initiated ?? null }
    })
    if (output.IsTruncated !== true) return { uploads, next: null, urlEncoded, attempts }
    const last = uploads.at(-1)
    // encoded replies write the next marker encoded (AWS) or plain (Swift): the last entry says the same and is certain
    const keyMarker = urlEncoded ? last?.key : (output.NextKeyMarker ?? last?.key)
    const idMarker = urlEncoded ? last?.uploadId : (output.NextUploadIdMarker ?? last?.uploadId)
    const next = { ...(keyMarker === undefined ? {} : { KeyMarker: keyMarker }), ...(idMarker === undefined ? {} : { UploadIdMarker: idMarker }) }
    return { uploads, next, urlEncoded, attempts }
  }

  async function partSizes(ref: ObjectRef, options: StoreOptions = {}): Promise<{ readonly sizes: readonly number[] | null } & CallCount> {
    const call = callOf(parts, 'GetObjectAttributes', ref)
    const sizes: number[] = []
    let marker: string | undefined
    let attempts = 0
    for (;;) {
      const command = new sdk.GetObjectAttributesCommand({
        Bucket: ref.bucket,
        Key: ref.key,
        ...(ref.versionId === undefined ? {} : { VersionId: ref.versionId }),
        ...(marker === undefined ? {} : { PartNumberMarker: marker }),
        ObjectAttributes: ['ObjectParts', 'ObjectSize'],
      })
      const page = await caller.control<S3.GetObjectAttributesCommandOutput>(call, command, {
        headers: location.access,
        // Ceph and Swift answer with the object itself
        xmlReply: 'declared',
        signal: options.signal,
      })
      attempts += page.attempts
      const listed = page.output.ObjectParts
      for (const part of listed?.Parts ?? []) sizes.push(part.Size ?? 0)
      if (listed?.IsTruncated !== true) break
      const next = listed.NextPartNumberMarker
      if (next === undefined || !(Number(next) > Number(marker ?? 0))) throw invalidReply(call, 'the listing of parts does not advance', attempts)
      marker = String(next)
    }
    return { sizes: sizes.length === 0 ? null : sizes, attempts }
  }

  return { listParts, listUploads, partSizes }
}

/** Some servers write a blank as `+`; a literal plus is `%2B` in either form. */
function decodeUrl(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}

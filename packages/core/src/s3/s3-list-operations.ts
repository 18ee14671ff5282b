import type * as S3 from '@aws-sdk/client-s3'
import type { CallCount, ListedPart, ListedUpload, ObjectRef, ObjectStore, StoreOptions } from '../ports/object-store.ts'
import { invalidReply } from './s3-errors.ts'
import { callOf, type StoreParts } from './store-parts.ts'

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
      const { output, attempts } = await caller.control<S3.ListPartsCommandOutput>(call, command, { headers, xmlReply: true, signal: options.signal })
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
    let markers: { KeyMarker?: string; UploadIdMarker?: string } = {}
    for (;;) {
      const command = new sdk.ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, EncodingType: 'url', ...markers })
      const { output, attempts } = await caller.control<S3.ListMultipartUploadsCommandOutput>(call, command, { headers, xmlReply: true, signal: options.signal })
      // XML cannot hold every key: decoded where the reply says that it is encoded, exactly once
      const decode = output.EncodingType === 'url' ? decodeUrl : (text: string): string => text
      for (const upload of output.Uploads ?? []) {
        if (upload.Key === undefined || upload.UploadId === undefined) throw invalidReply(call, 'an upload without key or id', attempts)
        const key = decode(upload.Key)
        if (key.startsWith(prefix)) yield { key, uploadId: upload.UploadId, initiated: upload.Initiated ?? null }
      }
      if (output.IsTruncated !== true) return
      markers = {
        ...(output.NextKeyMarker === undefined ? {} : { KeyMarker: decode(output.NextKeyMarker) }),
        ...(output.NextUploadIdMarker === undefined ? {} : { UploadIdMarker: output.NextUploadIdMarker }),
      }
      const place = JSON.stringify(markers)
      if (markers.KeyMarker === undefined || seen.has(place)) throw invalidReply(call, 'the listing does not advance', attempts)
      seen.add(place)
    }
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
        xmlReply: true,
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

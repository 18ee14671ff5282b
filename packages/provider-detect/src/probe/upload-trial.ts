import type { CompletedPart, CreateUploadOptions, ObjectRef, ObjectStore, WriteReceipt } from '@sealift/core'
import { NO_METADATA } from './probe-body.ts'
import type { Outcome, ProbeContext } from './probe-context.ts'

/** One upload of the probe. */
export interface UploadTrial {
  readonly ref: ObjectRef
  readonly uploadId: string
}

export async function beginUpload(context: ProbeContext, name: string, options: Omit<CreateUploadOptions, 'metadata'> = {}): Promise<Outcome<UploadTrial>> {
  const ref = context.ref(name)
  const created = await context.begin(ref, () => context.plain.createUpload(ref, { ...options, metadata: NO_METADATA }))
  return created.kind === 'done' ? { kind: 'done', value: { ref, uploadId: created.value } } : created
}

export async function sendPart(
  context: ProbeContext,
  trial: UploadTrial,
  partNumber: number,
  bytes: Uint8Array,
  checks: Parameters<ObjectStore['uploadPart']>[4] = {},
): Promise<Outcome<WriteReceipt>> {
  return context.change(() => context.plain.uploadPart(trial.ref, trial.uploadId, partNumber, { kind: 'bytes', bytes }, checks))
}

/** Completes with `store`: the asking one names the size. */
export async function endUpload(
  context: ProbeContext,
  trial: UploadTrial,
  parts: readonly CompletedPart[],
  options: Parameters<ObjectStore['completeUpload']>[3],
  store: ObjectStore = context.plain,
): Promise<Outcome<WriteReceipt>> {
  return context.write(trial.ref, () => store.completeUpload(trial.ref, trial.uploadId, parts, options))
}

export function partOf(partNumber: number, receipt: WriteReceipt, checksums: CompletedPart['checksums'] = []): CompletedPart {
  return { partNumber, etag: receipt.etag ?? '', checksums }
}

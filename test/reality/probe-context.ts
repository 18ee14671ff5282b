import { createHash, randomBytes } from 'node:crypto'
import { type CompletedPart, S3, type S3ClientConfig } from '@aws-sdk/client-s3'
import type { ProbeMode, ProbeTarget } from './probe-result.ts'

/** A check found something else than it expected; not an error of the server. */
export class DiffersError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'DiffersError'
  }
}

/** The parts of the SDK's errors that checks look at. */
export interface ServerError {
  readonly name: string
  readonly message: string
  readonly Code?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> }
}

/** Object contents that every check may use. */
export const BODY: Buffer = Buffer.from('hello, world: the quick brown fox\n'.repeat(30))
export const BODY_ETAG: string = `"${md5(BODY)}"`
export const BIG_BODY: Buffer = randomBytes(6 << 20)
export const MIN_PART_BYTES: number = 5 << 20
export const WRONG_ETAG: string = '"00000000000000000000000000000000"'

const NO_LOGGER = { trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** What the checks of one run share: clients, buckets, and what earlier checks left for later ones. */
export class ProbeContext {
  readonly target: ProbeTarget
  readonly bucket: string
  readonly listBucket: string
  readonly versionBucket: string
  readonly lockBucket: string
  readonly missingBucket: string
  readonly s3: S3
  /** The multipart object `mp`, once it is there. */
  multipart: UploadedMultipart | null = null
  /** The two versions of the key `k`. */
  versions: readonly string[] = []
  /** The last error that {@link fails} met. */
  expectedError: ServerError | null = null
  /** The last request's headers as they were signed. */
  sentHeaders: Readonly<Record<string, string>> = {}
  readonly #mode: ProbeMode
  readonly #clients: S3[] = []

  constructor(target: ProbeTarget, mode: ProbeMode) {
    this.target = target
    this.#mode = mode
    const unique = Date.now().toString(36) + randomBytes(3).toString('hex')
    this.bucket = `probe-${unique}`
    this.listBucket = `probel-${unique}`
    this.versionBucket = `probev-${unique}`
    this.lockBucket = `probeo-${unique}`
    this.missingBucket = `nope-${unique}`
    this.s3 = this.client()
  }

  /** A client with the settings of the run's mode. */
  client(overrides: S3ClientConfig = {}): S3 {
    const client = new S3({
      endpoint: this.target.endpoint,
      region: this.target.region,
      credentials: this.target.credentials,
      forcePathStyle: true,
      maxAttempts: 1,
      logger: NO_LOGGER,
      requestHandler: { requestTimeout: 30_000, connectionTimeout: 3_000 },
      ...(this.#mode === 'required' ? { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' } : {}),
      ...overrides,
    })
    client.middlewareStack.add(
      (next) => async (args) => {
        const { headers } = args.request as { readonly headers: Record<string, string> }
        this.sentHeaders = { ...headers }
        return await next(args)
      },
      { step: 'deserialize', priority: 'low', name: 'probeSentHeaders' },
    )
    this.#clients.push(client)
    return client
  }

  close(): void {
    for (const client of this.#clients) client.destroy()
  }

  /** The headers of the last request that tell how its body was sent. */
  sent(): string {
    const names = ['x-amz-content-sha256', 'content-encoding', 'x-amz-trailer', 'x-amz-checksum-crc32', 'content-md5', 'expect']
    const shown = names.flatMap((name) => (this.sentHeaders[name] === undefined ? [] : [`${name}=${this.sentHeaders[name].slice(0, 34)}`]))
    return `sent ${shown.join(' ')}`
  }

  /**
   * Expects an error with this status and, where one is given, this code.
   * @returns status and code, as a note
   */
  async fails(promise: Promise<unknown>, status: number, code?: string): Promise<string> {
    const wanted = `expected ${status} ${code ?? ''}`.trim()
    let reply: unknown
    try {
      reply = await promise
    } catch (thrown) {
      const error = thrown as ServerError
      if (error.$metadata === undefined) throw thrown
      this.expectedError = error
      want(
        error.$metadata.httpStatusCode === status && (code === undefined || error.name === code || error.Code === code),
        `${wanted}, got ${errorText(error)}`,
      )
      return `${status} ${error.name}`
    }
    throw new DiffersError(`${wanted}, but it succeeded (${(reply as ServerError | undefined)?.$metadata?.httpStatusCode})`)
  }

  /** The bytes of an object. */
  async read(
    key: string,
    more: { readonly Range?: string; readonly IfMatch?: string; readonly VersionId?: string } = {},
    bucket: string = this.bucket,
  ): Promise<Buffer> {
    return await bytesOf(await this.s3.getObject({ Bucket: bucket, Key: key, ...more }))
  }

  /** A multipart upload with random parts of these sizes. */
  async upload(key: string, sizes: readonly number[], more: UploadExtras = {}): Promise<UploadedMultipart> {
    const Bucket = this.bucket
    const created = await this.s3.createMultipartUpload({ Bucket, Key: key, ...more.create })
    const parts: CompletedPart[] = []
    const bodies: Buffer[] = []
    for (const [i, size] of sizes.entries()) {
      const body = randomBytes(size)
      bodies.push(body)
      const part = await this.s3.uploadPart({ Bucket, Key: key, UploadId: created.UploadId, PartNumber: i + 1, Body: body, ...more.part })
      const checksums = Object.fromEntries(Object.entries(part).filter(([name]) => /^Checksum(CRC|SHA)/.test(name)))
      parts.push({ PartNumber: i + 1, ETag: part.ETag, ...checksums })
    }
    const completed = await this.s3.completeMultipartUpload({
      Bucket,
      Key: key,
      UploadId: created.UploadId,
      MultipartUpload: { Parts: parts },
      ...more.complete,
    })
    const digests = Buffer.concat(bodies.map((body) => createHash('md5').update(body).digest()))
    return { uploadId: created.UploadId ?? '', parts, bodies, completedETag: completed.ETag, etag: `"${md5(digests)}-${sizes.length}"` }
  }
}

/** More fields for the three calls of an upload. */
export interface UploadExtras {
  readonly create?: Partial<Parameters<S3['createMultipartUpload']>[0]>
  readonly part?: Partial<Parameters<S3['uploadPart']>[0]>
  readonly complete?: Partial<Parameters<S3['completeMultipartUpload']>[0]>
}

/** A multipart object that {@link ProbeContext.upload} made. */
export interface UploadedMultipart {
  readonly uploadId: string
  readonly parts: CompletedPart[]
  readonly bodies: readonly Buffer[]
  /** As Complete's reply has it. */
  readonly completedETag: string | undefined
  /** As it must be: quoted. */
  readonly etag: string
}

/** Throws {@link DiffersError} unless the condition holds. */
export function want(condition: unknown, message: string): asserts condition {
  if (!condition) throw new DiffersError(message)
}

/** Status, code and message of an error, in one line. */
export function errorText(error: ServerError): string {
  return `${error.$metadata?.httpStatusCode ?? '-'} ${error.name}: ${String(error.message).slice(0, 160)}`.replace(/\s+/g, ' ')
}

export function md5(bytes: Buffer | string): string {
  return createHash('md5').update(bytes).digest('hex')
}

/** The whole body of a GetObject reply. */
export async function bytesOf(reply: { readonly Body?: { transformToByteArray(): Promise<Uint8Array> } | undefined }): Promise<Buffer> {
  return Buffer.from((await reply.Body?.transformToByteArray()) ?? [])
}

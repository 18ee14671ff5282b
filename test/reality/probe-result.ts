/** Whether the SDK's checksum settings are left alone, or both set to WHEN_REQUIRED. */
export type ProbeMode = 'default' | 'required'

/** An endpoint to ask. */
export interface ProbeTarget {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** What one check found. */
export interface ProbeResult {
  readonly group: string
  readonly name: string
  /** The endpoint does what S3's documentation says. */
  readonly ok: boolean
  /** What was seen, for people. */
  readonly note: string
  /** HTTP status and S3 code of the error that decided the check; null where none did. */
  readonly status: number | null
  readonly code: string | null
  readonly tookMs: number
}

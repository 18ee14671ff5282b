import type { ObjectResult } from '@sealift/core'

/** What a copy of an object must come to. */
export interface Expectation {
  readonly verdict: ObjectResult['verdict']
  readonly assurance: ObjectResult['assurance']
  /** the strongest method that matches on the source leg; `a or b`: either */
  readonly sourceMethod: string
  /** the same on the destination leg; `by-route`: the ETag's, as the route was */
  readonly destinationMethod: string
  /** null: either will do */
  readonly route: ObjectResult['route']
  readonly etagEqual: boolean
  readonly attemptsAtMost: number
  /** `name` null: any */
  readonly notCarried: readonly { readonly what: string; readonly name: string | null }[]
}

/** An object as it lies at the source. */
export interface TableRow {
  readonly name: string
  readonly key: string
  readonly client: string
  readonly sizeBytes: number
  readonly sha256: string
  readonly md5: string
  /** without quotes */
  readonly etag: string
  /** null: a single PUT */
  readonly partSizes: readonly number[] | null
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: readonly { readonly key: string; readonly value: string }[]
  readonly storageClass: string
  readonly websiteRedirect: string | null
  readonly expected: { readonly rgw: Expectation; readonly swift: Expectation; readonly littleMemory: Expectation | null }
}

/** What `make-objects.mjs` writes. */
export interface ExpectationTable {
  readonly bucket: string
  readonly clients: Readonly<Record<string, string>>
  readonly uploadMs: number
  readonly count: number
  readonly bytes: number
  readonly objects: readonly TableRow[]
}

import type { ObjectStore } from '@sealift/core'
import { abortCases } from './object-store/abort-cases.ts'
import { conditionCases } from './object-store/condition-cases.ts'
import type { ConformanceCase, ConformanceContext } from './object-store/conformance-case.ts'
import { keyCases } from './object-store/key-cases.ts'
import { metadataCases } from './object-store/metadata-cases.ts'
import { multipartCases } from './object-store/multipart-cases.ts'
import { readCases } from './object-store/read-cases.ts'
import { roundTripCases } from './object-store/round-trip-cases.ts'
import { uploadListingCases } from './object-store/upload-listing-cases.ts'
import { writeCheckCases } from './object-store/write-check-cases.ts'

/** Any runner that has these two. */
export interface ConformanceRunner {
  describe(name: string, body: () => void): void
  it(name: string, body: () => Promise<void>): void
}

/** What is tested: a store, and a bucket in it that is the suite's own. */
export interface ObjectStoreSubject {
  readonly store: ObjectStore
  readonly bucket: string
  /** connections that serve a request now (idle ones in a pool not counted); without it the cases on connections look at nothing */
  readonly busySockets?: (() => number) | undefined
}

export interface ObjectStoreConformance {
  /** The subject; called once, before the first case. */
  create(): Promise<ObjectStoreSubject>
  /**
   * Cases that do not hold there, by name, each with the reason. They run all the same and must fail: an exception that is no longer needed is
   * an error, and so is a name that no case has.
   */
  readonly exceptions?: Readonly<Record<string, string>> | undefined
  /** Leave out the cases that fill a page with more than a thousand requests (half a minute on a slow server). @defaultValue false */
  readonly withoutLarge?: boolean | undefined
}

/** All cases, by group. */
const GROUPS: readonly { readonly name: string; readonly cases: readonly ConformanceCase[] }[] = [
  { name: 'round trips', cases: roundTripCases },
  { name: 'keys', cases: keyCases },
  { name: 'reads', cases: readCases },
  { name: 'checks on writes', cases: writeCheckCases },
  { name: 'metadata and tags', cases: metadataCases },
  { name: 'conditions', cases: conditionCases },
  { name: 'multipart uploads', cases: multipartCases },
  { name: 'listings of uploads', cases: uploadListingCases },
  { name: 'aborts and connections', cases: abortCases },
]

/** The names of all cases, for `exceptions`. */
export const OBJECT_STORE_CASES: readonly string[] = GROUPS.flatMap(({ cases }) => cases.map(({ name }) => name))

/**
 * Registers the cases that every `ObjectStore` has to pass, with `node:assert` only.
 *
 * @example
 * ```ts
 * import { describe, it } from 'vitest'
 * objectStoreConformance({ describe, it }, { create: async () => ({ store, bucket: 'conformance' }), exceptions: { 'keeps tags': 'the server has none' } })
 * ```
 */
export function objectStoreConformance(runner: ConformanceRunner, options: ObjectStoreConformance): void {
  const exceptions = options.exceptions ?? {}
  for (const name of Object.keys(exceptions)) {
    if (!OBJECT_STORE_CASES.includes(name)) throw new Error(`objectStoreConformance: no case is called ${JSON.stringify(name)}`)
  }
  let subject: Promise<ObjectStoreSubject> | null = null
  let count = 0
  const context = async (): Promise<ConformanceContext> => {
    subject ??= options.create()
    const { store, bucket, busySockets } = await subject
    count += 1
    const prefix = `case-${count}/`
    return { store, bucket, prefix, ref: (name) => ({ bucket, key: `${prefix}${name}` }), busySockets: busySockets ?? (() => 0) }
  }
  for (const group of GROUPS) {
    runner.describe(group.name, () => {
      for (const { name, run, large } of group.cases) {
        if (large === true && options.withoutLarge === true) continue
        const reason = Object.hasOwn(exceptions, name) ? exceptions[name] : undefined
        if (reason === undefined) runner.it(name, async () => run(await context()))
        else runner.it(`${name} (does not hold here: ${reason})`, async () => mustFail(name, run, await context()))
      }
    })
  }
}

async function mustFail(name: string, run: ConformanceCase['run'], context: ConformanceContext): Promise<void> {
  try {
    await run(context)
  } catch {
    return
  }
  throw new Error(`the exception for ${JSON.stringify(name)} is not needed: the case passes`)
}

import type { Evidence, ObjectResult } from '@sealift/core'
import type { Expectation, TableRow } from './expectation-table.ts'

/** What a plain SDK client sees at the destination. */
export interface SeenObject {
  readonly etag: string | null
  readonly sizeBytes: number
  readonly sha256: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: readonly { readonly key: string; readonly value: string }[]
  readonly storageClass: string
  readonly websiteRedirect: string | null
}

/** Methods of a leg, strongest first, as the design lists them. */
const STRENGTH: Readonly<Record<'source' | 'destination', readonly string[]>> = {
  source: ['stored-checksum', 'etag-md5', 'etag-multipart', 'client-digest', 'second-read', 'tls'],
  destination: ['read-back', 'stored-checksum', 'etag-md5', 'etag-multipart', 'server-checked-write'],
}

/** @returns every difference between what was expected and what came, in words; none: all is well */
export function differences(row: TableRow, expected: Expectation, result: ObjectResult, seen: SeenObject): string[] {
  const found: string[] = []
  const same = (what: string, actual: unknown, wanted: unknown): void => {
    if (!Object.is(actual, wanted)) found.push(`${what}: ${JSON.stringify(actual)}, expected ${JSON.stringify(wanted)}`)
  }
  same('verdict', result.verdict, expected.verdict)
  same('assurance', result.assurance, expected.assurance)
  same('error', result.error?.code, undefined)
  if (result.attempts > expected.attemptsAtMost) same('attempts', result.attempts, expected.attemptsAtMost)
  const sourceMethod = decidingMethod(result, 'source')
  if (!expected.sourceMethod.split(' or ').some((method) => method === sourceMethod)) same('source evidence', sourceMethod, expected.sourceMethod)
  const byRoute = result.route === 'multipart' ? 'etag-multipart' : 'etag-md5'
  same('destination evidence', decidingMethod(result, 'destination'), expected.destinationMethod === 'by-route' ? byRoute : expected.destinationMethod)
  same('mismatching evidence', result.evidence.filter((item) => item.outcome === 'mismatch').length, 0)
  same('matching sizes', result.evidence.filter((item) => item.leg === 'both' && item.method === 'size').every(isMatch), true)
  if (expected.route !== null) same('route', result.route, expected.route)
  same('SHA-256', result.digests.sha256, row.sha256)
  same('MD5', result.digests.md5, row.md5)
  same('SHA-256 of the bytes at the destination', seen.sha256, row.sha256)
  same('size', result.source.sizeBytes, row.sizeBytes)
  same('size at the destination', seen.sizeBytes, row.sizeBytes)
  same('source ETag', result.source.etag, row.etag)
  same('destination ETag', result.destination.etag, seen.etag)
  same('equal ETags', seen.etag === row.etag, expected.etagEqual)
  same('orphans', result.orphans.length, 0)
  same('not carried', listed(result.notCarried, expected), listed(expected.notCarried, expected))
  found.push(...lostMetadata(row, result, seen))
  return found
}

function isMatch(evidence: Evidence): boolean {
  return evidence.outcome === 'match'
}

/** The strongest method that matched on a leg. */
function decidingMethod(result: ObjectResult, leg: 'source' | 'destination'): string | undefined {
  const matched = result.evidence.filter((item) => item.leg === leg && isMatch(item)).map((item) => item.method)
  return STRENGTH[leg].find((method) => matched.some((name) => name === method))
}

/** Sorted and in one line; a name only where the expectation has one. */
function listed(items: Expectation['notCarried'], expected: Expectation): string {
  const named = (what: string): boolean => expected.notCarried.some((item) => item.what === what && item.name !== null)
  return items
    .map((item) => (named(item.what) ? `${item.what} ${item.name}` : item.what))
    .sort()
    .join(', ')
}

/** Everything that the source had is at the destination, or is named in `notCarried`; and nothing else is there. */
function lostMetadata(row: TableRow, result: ObjectResult, seen: SeenObject): string[] {
  const lost: string[] = []
  const says = (what: string, name?: string): boolean => result.notCarried.some((item) => item.what === what && (name === undefined || item.name === name))
  const check = (label: string, held: unknown, had: unknown, excused: boolean): void => {
    if (held !== had && !excused) lost.push(`${label}: ${JSON.stringify(held)} at the destination, ${JSON.stringify(had)} at the source, not in notCarried`)
    if (held === had && excused) lost.push(`${label}: is at the destination, and yet in notCarried`)
  }
  for (const name of Object.keys(row.headers)) check(`header ${name}`, seen.headers[name], row.headers[name], says('header', name))
  for (const name of new Set([...Object.keys(row.metadata), ...Object.keys(seen.metadata)])) {
    check(`metadata ${name}`, seen.metadata[name], row.metadata[name], says('metadata', name))
  }
  check('tags', sortedTags(seen.tags), sortedTags(row.tags), says('tags'))
  check('storage class', seen.storageClass, row.storageClass, says('storage-class'))
  check('website redirect', seen.websiteRedirect, row.websiteRedirect, says('website-redirect'))
  return lost
}

function sortedTags(tags: SeenObject['tags']): string {
  return tags
    .map((tag) => `${tag.key}=${tag.value}`)
    .sort()
    .join('\n')
}

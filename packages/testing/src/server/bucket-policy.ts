import { toText } from './byte-string.ts'
import type { Exchange } from './exchange.ts'

interface Statement {
  readonly Effect?: string
  readonly Principal?: unknown
  readonly Action?: string | readonly string[]
  readonly Resource?: string | readonly string[]
}

/**
 * As much of bucket policies as tests need: statements for everybody (`Principal: "*"`), actions and resources with `*`. A Deny always
 * holds; the owner needs no Allow, others do. Conditions are not looked at.
 */
export function isAllowedByPolicy({ state, request, operation }: Exchange, caller: 'owner' | 'anonymous'): boolean {
  const text = state.buckets.get(request.bucket)?.documents.get('policy')
  if (text === undefined) return caller === 'owner'
  const action = `s3:${operation === 'HeadObject' ? 'GetObject' : operation.startsWith('ListObjects') ? 'ListBucket' : operation}`
  const resource = `arn:aws:s3:::${request.bucket}${request.key === '' ? '' : `/${toText(request.key)}`}`
  const statements = asList((JSON.parse(text) as { Statement?: Statement | readonly Statement[] }).Statement)
  const hits = statements.filter(
    (one) =>
      isEverybody(one.Principal) && asList(one.Action).some((glob) => matches(glob, action)) && asList(one.Resource).some((glob) => matches(glob, resource)),
  )
  if (hits.some((one) => one.Effect === 'Deny')) return false
  return caller === 'owner' || hits.some((one) => one.Effect === 'Allow')
}

function asList<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return []
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}

function isEverybody(principal: unknown): boolean {
  return principal === '*' || (typeof principal === 'object' && principal !== null && asList((principal as { AWS?: string | string[] }).AWS).includes('*'))
}

function matches(glob: string, value: string): boolean {
  const pattern = glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${pattern}$`, 's').test(value)
}

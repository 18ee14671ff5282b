import { isDeepStrictEqual } from 'node:util'
import type { ProbeCheck } from '../probe-check.ts'
import { BODY, want } from '../probe-context.ts'

/** What the object `meta` carries. */
const META: {
  readonly Metadata: Record<string, string>
  readonly ContentType: string
  readonly CacheControl: string
  readonly ContentDisposition: string
  readonly ContentLanguage: string
  readonly Expires: Date
} = {
  Metadata: { 'plain-key': 'v a l', other: 'x=1;y' },
  ContentType: 'text/x-probe; charset=utf-8',
  CacheControl: 'max-age=60, private',
  ContentDisposition: 'attachment; filename="a b.txt"',
  ContentLanguage: 'da',
  Expires: new Date('2031-01-02T03:04:05Z'),
}

export const METADATA_CHECKS: readonly ProbeCheck[] = [
  {
    name: 'PUT/HEAD: user metadata, Content-Type, Cache-Control, Content-Disposition, Content-Language, Expires',
    run: async ({ s3, bucket: Bucket }) => {
      await s3.putObject({ Bucket, Key: 'meta', Body: BODY, ...META })
      const head = await s3.headObject({ Bucket, Key: 'meta' })
      const bad: string[] = []
      for (const name of ['ContentType', 'CacheControl', 'ContentDisposition', 'ContentLanguage'] as const) {
        if (head[name] !== META[name]) bad.push(`${name}=${head[name]}`)
      }
      if (head.ExpiresString !== 'Thu, 02 Jan 2031 03:04:05 GMT') bad.push(`Expires=${head.ExpiresString}`)
      if (!isDeepStrictEqual({ ...head.Metadata }, { ...META.Metadata })) bad.push(`Metadata=${JSON.stringify(head.Metadata)}`)
      want(bad.length === 0, bad.join(', '))
      return undefined
    },
  },
  {
    name: 'metadata: non-ASCII value (raw UTF-8 header)',
    run: async ({ s3, bucket: Bucket }) => {
      await s3.putObject({ Bucket, Key: 'meta8', Body: BODY, Metadata: { u: 'smørrebrød' } })
      return `comes back as ${JSON.stringify((await s3.headObject({ Bucket, Key: 'meta8' })).Metadata?.['u'])}`
    },
  },
  {
    name: 'metadata: RFC 2047 value kept byte for byte',
    run: async ({ s3, bucket: Bucket }) => {
      await s3.putObject({ Bucket, Key: 'meta9', Body: BODY, Metadata: { u: '=?UTF-8?B?c23DuHI=?=' } })
      const { Metadata } = await s3.headObject({ Bucket, Key: 'meta9' })
      want(Metadata?.['u'] === '=?UTF-8?B?c23DuHI=?=', JSON.stringify(Metadata?.['u']))
      return undefined
    },
  },
  {
    name: 'metadata: a 1900-byte value kept',
    run: async ({ s3, bucket: Bucket }) => {
      await s3.putObject({ Bucket, Key: 'meta2k', Body: BODY, Metadata: { big: 'x'.repeat(1900) } })
      const { Metadata } = await s3.headObject({ Bucket, Key: 'meta2k' })
      want(Metadata?.['big']?.length === 1900, String(Metadata?.['big']?.length))
      return undefined
    },
  },
  {
    name: 'metadata: underscore in a name kept; names lower-cased',
    run: async ({ s3, bucket: Bucket }) => {
      await s3.putObject({ Bucket, Key: 'meta_', Body: BODY, Metadata: { 'MiXed-Case': '1', under_score: '2' } })
      const { Metadata } = await s3.headObject({ Bucket, Key: 'meta_' })
      want(Metadata?.['mixed-case'] === '1' && Metadata['under_score'] === '2', JSON.stringify(Metadata))
      return undefined
    },
  },
  {
    name: 'default Content-Type when none sent',
    run: async ({ s3, bucket: Bucket }) => {
      await s3.putObject({ Bucket, Key: 'noct', Body: BODY })
      return (await s3.headObject({ Bucket, Key: 'noct' })).ContentType
    },
  },
  {
    name: 'StorageClass=STANDARD_IA accepted and shown',
    run: async ({ s3, bucket: Bucket }) => {
      await s3.putObject({ Bucket, Key: 'ia', Body: BODY, StorageClass: 'STANDARD_IA' })
      const { StorageClass } = await s3.headObject({ Bucket, Key: 'ia' })
      want(StorageClass === 'STANDARD_IA', `HEAD shows ${StorageClass}`)
      return undefined
    },
  },
  {
    name: 'WebsiteRedirectLocation kept',
    run: async ({ s3, bucket: Bucket }) => {
      await s3.putObject({ Bucket, Key: 'redir', Body: BODY, WebsiteRedirectLocation: '/buf' })
      const { WebsiteRedirectLocation } = await s3.headObject({ Bucket, Key: 'redir' })
      want(WebsiteRedirectLocation === '/buf', `HEAD shows ${WebsiteRedirectLocation}`)
      return undefined
    },
  },
  {
    name: 'LastModified: header is whole seconds, listing has fractions?',
    run: async ({ s3, bucket: Bucket }) => {
      const listed = (await s3.listObjectsV2({ Bucket, Prefix: 'buf' })).Contents?.[0]?.LastModified
      const head = (await s3.headObject({ Bucket, Key: 'buf' })).LastModified
      return `list ${listed?.toISOString()} head ${head?.toISOString()}`
    },
  },
]

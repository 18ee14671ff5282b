import { createHash } from 'node:crypto'
import type { ProbeCheck } from '../probe-check.ts'
import { type ServerError, want } from '../probe-context.ts'
import { numberedKey } from './key-checks.ts'

function tenKeys(first: number): { Key: string }[] {
  return Array.from({ length: 10 }, (_, i) => ({ Key: numberedKey(first + i) }))
}

export const DELETE_CHECKS: readonly ProbeCheck[] = [
  {
    name: 'DeleteObject, and of a missing key → 204',
    run: async ({ s3, bucket: Bucket }) => {
      await s3.deleteObject({ Bucket, Key: 'good' })
      return String((await s3.deleteObject({ Bucket, Key: 'good' })).$metadata.httpStatusCode)
    },
  },
  {
    name: 'DeleteObjects of 10 keys (no Content-MD5: only x-amz-checksum-crc32 is sent)',
    run: async (probe) => {
      const reply = await probe.s3.deleteObjects({ Bucket: probe.listBucket, Delete: { Objects: tenKeys(0) } })
      want(reply.Deleted?.length === 10, JSON.stringify(reply).slice(0, 200))
      return probe.sent()
    },
  },
  {
    name: 'DeleteObjects with a Content-MD5 header added by a middleware',
    run: async (probe) => {
      const client = probe.client()
      client.middlewareStack.add(
        (next) => (args) => {
          const request = args.request as { readonly headers: Record<string, string>; readonly body: string }
          request.headers['content-md5'] = createHash('md5').update(request.body).digest('base64')
          return next(args)
        },
        { step: 'build', priority: 'low', name: 'probeContentMd5' },
      )
      const reply = await client.deleteObjects({ Bucket: probe.listBucket, Delete: { Objects: tenKeys(10) } })
      want(reply.Deleted?.length === 10, JSON.stringify(reply).slice(0, 200))
      return probe.sent()
    },
  },
  { name: 'DeleteBucket not empty → 409', run: (probe) => probe.fails(probe.s3.deleteBucket({ Bucket: probe.listBucket }), 409, 'BucketNotEmpty') },
]

export const VERSION_CHECKS: readonly ProbeCheck[] = [
  {
    name: 'PutBucketVersioning Enabled + GetBucketVersioning',
    run: async ({ s3, versionBucket: Bucket }) => {
      await s3.createBucket({ Bucket })
      await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })
      const { Status } = await s3.getBucketVersioning({ Bucket })
      want(Status === 'Enabled', String(Status))
      return undefined
    },
  },
  {
    name: 'two PUTs give two VersionIds; GET each',
    run: async (probe) => {
      const { s3, versionBucket: Bucket } = probe
      const first = (await s3.putObject({ Bucket, Key: 'k', Body: 'one' })).VersionId
      const second = (await s3.putObject({ Bucket, Key: 'k', Body: 'two' })).VersionId
      want(first && second && first !== second, `${first} ${second}`)
      probe.versions = [first, second]
      want((await probe.read('k', { VersionId: first }, Bucket)).toString() === 'one', 'content of the first version')
      want((await probe.read('k', {}, Bucket)).toString() === 'two', 'latest content')
      return undefined
    },
  },
  {
    name: 'DELETE makes a delete marker; GET → 404; ListObjectVersions shows all',
    run: async (probe) => {
      const { s3, versionBucket: Bucket } = probe
      const { DeleteMarker, VersionId } = await s3.deleteObject({ Bucket, Key: 'k' })
      want(DeleteMarker === true && VersionId, `DeleteMarker=${DeleteMarker}`)
      await probe.fails(probe.read('k', {}, Bucket), 404)
      const { Versions, DeleteMarkers } = await s3.listObjectVersions({ Bucket })
      const right = Versions?.length === 2 && DeleteMarkers?.length === 1 && Versions[0]?.VersionId === probe.versions[1]
      want(right, `${Versions?.length} versions, ${DeleteMarkers?.length} markers`)
      return undefined
    },
  },
  {
    name: 'HEAD/GET of the key says x-amz-delete-marker: true',
    run: async (probe) => {
      const error = await probe.read('k', {}, probe.versionBucket).then(
        () => null,
        (thrown: ServerError) => thrown,
      )
      const header = error?.$response?.headers?.['x-amz-delete-marker']
      want(error === null || header === 'true', `header ${header}`)
      return undefined
    },
  },
  {
    name: 'ListObjectVersions paging with KeyMarker+VersionIdMarker (MaxKeys=1)',
    run: async ({ s3, versionBucket: Bucket }) => {
      let markers: { KeyMarker?: string; VersionIdMarker?: string } = {}
      let pages = 0
      let entries = 0
      do {
        const page = await s3.listObjectVersions({ Bucket, MaxKeys: 1, ...markers })
        entries += (page.Versions?.length ?? 0) + (page.DeleteMarkers?.length ?? 0)
        markers = {
          ...(page.IsTruncated === true && page.NextKeyMarker !== undefined ? { KeyMarker: page.NextKeyMarker } : {}),
          ...(page.NextVersionIdMarker === undefined ? {} : { VersionIdMarker: page.NextVersionIdMarker }),
        }
        pages += 1
      } while (markers.KeyMarker !== undefined && markers.KeyMarker !== '' && pages < 10)
      want(entries === 3, `${entries} entries in ${pages} pages`)
      return undefined
    },
  },
  {
    name: 'DELETE ?versionId removes for good',
    run: async (probe) => {
      const { s3, versionBucket: Bucket } = probe
      const [VersionId = ''] = probe.versions
      await s3.deleteObject({ Bucket, Key: 'k', VersionId })
      return await probe.fails(probe.read('k', { VersionId }, Bucket), 404, 'NoSuchVersion')
    },
  },
  {
    name: 'Suspended → null version',
    run: async ({ s3, versionBucket: Bucket }) => {
      await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Suspended' } })
      await s3.putObject({ Bucket, Key: 'n', Body: 'x' })
      const { Versions } = await s3.listObjectVersions({ Bucket, Prefix: 'n' })
      want(Versions?.[0]?.VersionId === 'null', String(Versions?.[0]?.VersionId))
      return undefined
    },
  },
]

import { S3Client } from '@aws-sdk/client-s3'
import type { ProviderProfile } from '@sealift/core'
import { profiles } from '@sealift/provider-detect'

/** The two clients of a copy: the caller's own, as any application makes them. The benchmark server looks at no signature. */
export function createClients(endpoint: string): { readonly source: S3Client; readonly destination: S3Client; destroy(): void } {
  const client = (): S3Client =>
    new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'BENCHMARK', secretAccessKey: 'not-a-secret' } })
  const source = client()
  const destination = client()
  return {
    source,
    destination,
    destroy: () => {
      source.destroy()
      destination.destroy()
    },
  }
}

/** A source key of the benchmark server: it says its size. */
export function keyOf(sizeBytes: number, index: number): string {
  return `${sizeBytes}/object-${index}`
}

/** What the benchmark server is: its ETags are MD5s, and it refuses nothing. */
export function serverProfile(): ProviderProfile {
  const profile = profiles.ceph
  if (profile === undefined) throw new Error('no profile of Ceph')
  return profile
}

import { awsProvider } from './profiles/aws.ts'
import { b2Provider } from './profiles/b2.ts'
import { cephProvider } from './profiles/ceph.ts'
import { genericProvider } from './profiles/generic.ts'
import { minioProvider } from './profiles/minio.ts'
import { r2Provider } from './profiles/r2.ts'
import { spacesProvider } from './profiles/spaces.ts'
import { swiftProvider } from './profiles/swift.ts'
import { wasabiProvider } from './profiles/wasabi.ts'
import type { ProviderDefinition } from './provider-definition.ts'

/** Every provider that this package knows; the generic one is the last. */
export const providerDefinitions: readonly ProviderDefinition[] = Object.freeze([
  awsProvider,
  b2Provider,
  cephProvider,
  minioProvider,
  r2Provider,
  spacesProvider,
  swiftProvider,
  wasabiProvider,
  genericProvider,
])

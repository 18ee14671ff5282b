import { awsProvider } from './profiles/aws.ts'
import { awsAccessPointProvider } from './profiles/aws-access-point.ts'
import { awsChinaProvider } from './profiles/aws-china.ts'
import { awsGovcloudProvider } from './profiles/aws-govcloud.ts'
import { awsObjectLambdaProvider } from './profiles/aws-object-lambda.ts'
import { b2Provider } from './profiles/b2.ts'
import { cephProvider } from './profiles/ceph.ts'
import { cloudianProvider } from './profiles/cloudian.ts'
import { cloudserverProvider } from './profiles/cloudserver.ts'
import { contaboProvider } from './profiles/contabo.ts'
import { cosProvider } from './profiles/cos.ts'
import { ecsProvider } from './profiles/ecs.ts'
import { exoscaleProvider } from './profiles/exoscale.ts'
import { expressProvider } from './profiles/express.ts'
import { fastlyProvider } from './profiles/fastly.ts'
import { garageProvider } from './profiles/garage.ts'
import { gcsProvider } from './profiles/gcs.ts'
import { genericProvider } from './profiles/generic.ts'
import { hetznerProvider } from './profiles/hetzner.ts'
import { ibmCosProvider } from './profiles/ibm-cos.ts'
import { idriveE2Provider } from './profiles/idrive-e2.ts'
import { linodeProvider } from './profiles/linode.ts'
import { localstackProvider } from './profiles/localstack.ts'
import { minioProvider } from './profiles/minio.ts'
import { motoProvider } from './profiles/moto.ts'
import { obsProvider } from './profiles/obs.ts'
import { oracleProvider } from './profiles/oracle.ts'
import { ossProvider } from './profiles/oss.ts'
import { ovhProvider } from './profiles/ovh.ts'
import { r2Provider } from './profiles/r2.ts'
import { rcloneProvider } from './profiles/rclone.ts'
import { rustfsProvider } from './profiles/rustfs.ts'
import { scalewayProvider } from './profiles/scaleway.ts'
import { seaweedfsProvider } from './profiles/seaweedfs.ts'
import { spacesProvider } from './profiles/spaces.ts'
import { storagegridProvider } from './profiles/storagegrid.ts'
import { storjProvider } from './profiles/storj.ts'
import { supabaseProvider } from './profiles/supabase.ts'
import { swiftProvider } from './profiles/swift.ts'
import { tigrisProvider } from './profiles/tigris.ts'
import { versitygwProvider } from './profiles/versitygw.ts'
import { vultrProvider } from './profiles/vultr.ts'
import { wasabiProvider } from './profiles/wasabi.ts'
import type { ProviderDefinition } from './provider-definition.ts'

/** Every provider that this package knows, in the order of their ids; the generic one is the last. */
export const providerDefinitions: readonly ProviderDefinition[] = /* @__PURE__ */ Object.freeze([
  awsProvider,
  awsAccessPointProvider,
  awsChinaProvider,
  awsGovcloudProvider,
  awsObjectLambdaProvider,
  b2Provider,
  cephProvider,
  cloudianProvider,
  cloudserverProvider,
  contaboProvider,
  cosProvider,
  ecsProvider,
  exoscaleProvider,
  expressProvider,
  fastlyProvider,
  garageProvider,
  gcsProvider,
  hetznerProvider,
  ibmCosProvider,
  idriveE2Provider,
  linodeProvider,
  localstackProvider,
  minioProvider,
  motoProvider,
  obsProvider,
  oracleProvider,
  ossProvider,
  ovhProvider,
  r2Provider,
  rcloneProvider,
  rustfsProvider,
  scalewayProvider,
  seaweedfsProvider,
  spacesProvider,
  storagegridProvider,
  storjProvider,
  supabaseProvider,
  swiftProvider,
  tigrisProvider,
  versitygwProvider,
  vultrProvider,
  wasabiProvider,
  genericProvider,
])

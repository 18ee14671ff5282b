export { type HashConformanceRunner, type HashConformanceSubject, hashEngineConformance } from './conformance/hash-engine.ts'
export {
  type ConformanceRunner,
  OBJECT_STORE_CASES,
  type ObjectStoreConformance,
  type ObjectStoreSubject,
  objectStoreConformance,
} from './conformance/object-store.ts'
export { resultStoreConformance } from './conformance/result-store.ts'
export type { ResultStoreConformanceRunner, ResultStoreConformanceSubject } from './conformance/result-store-subject.ts'
export type { FaultAction, FaultHookInfo, FaultKind, FaultMatch, FaultRule, FiredFault, WireLeg } from './faults/fault-rule.ts'
export { S3_OPERATIONS, type S3Operation } from './faults/s3-operation.ts'
export { MemoryResultStore } from './memory-result-store.ts'
export { type HttpFaultProxy, type HttpFaultProxyOptions, type ProxyRequest, startHttpFaultProxy } from './proxy/http-fault-proxy.ts'
export type { TcpFault } from './proxy/tcp-fault.ts'
export { startTcpFaultProxy, type TcpFaultChooser, type TcpFaultProxy, type TcpFaultProxyOptions, type TcpFaultRule } from './proxy/tcp-fault-proxy.ts'
export { definePersonality, type PersonalityDefinition } from './server/define-personality.ts'
export type { PersonalityChanges } from './server/extend-personality.ts'
export type { FiredServerFault, ServerFaultMatch, ServerFaultRule } from './server/fault-plan.ts'
export { type GeneratedContent, type GeneratedFamily, type GeneratedObject, generatedBytes } from './server/generated-objects.ts'
export { PERSONALITIES, type Personality, type PersonalityError, type PersonalityName, type Support } from './server/personality.ts'
export type { LoggedRequest } from './server/request-log.ts'
export {
  DEFAULT_LOGGED_REQUESTS,
  type OpenUpload,
  type PutPastProtocolOptions,
  type S3ClientConfigLike,
  type S3ServerOptions,
  type S3TestServer,
  type StoredDescription,
  type StoredGrant,
} from './server/s3-server-options.ts'
export type { Credentials } from './server/signature.ts'
export { startS3Server } from './server/start-s3-server.ts'

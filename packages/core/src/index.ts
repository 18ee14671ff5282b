export * from './errors.ts'
export { genericProfile } from './generic-profile.ts'
export type {
  ChecksumSupport,
  Claim,
  ClaimSource,
  EncryptionKind,
  EtagSemantics,
  MetadataSupport,
  PartLimits,
  ProviderProfile,
  ReadSupport,
  WriteSupport,
} from './ports/provider-profile.ts'
export { validateProfile } from './profile-validation.ts'

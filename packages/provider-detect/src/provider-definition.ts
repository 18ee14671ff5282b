import type { ClaimSource, ProviderProfile } from '@sealift/core'

/** When the SDK adds a checksum to a request, or checks the one of a reply: the SDK's own two words. */
export type ChecksumSetting = 'WHEN_REQUIRED' | 'WHEN_SUPPORTED'

/**
 * What a reply of that software shows. All that is said of one fingerprint must hold together; a provider with several is known by any of them.
 * One of `header` and `bodyElement` is there.
 */
export interface ResponseFingerprint {
  /** A reply header, in lower case, e.g. `x-minio-deployment-id` */
  readonly header?: string
  /** An element of an error's XML, e.g. `HostId` */
  readonly bodyElement?: string
  /** The value of that header or element, whole and case-sensitive; `*` stands for any characters, also none. Absent (and no `pattern`): any value, the thing need only be there. */
  readonly value?: string
  /** The same as a regular expression, which has to fit the whole value: `tx[0-9a-f]{21}-[0-9a-f]{10}` */
  readonly pattern?: string
  /** Another header (lower case) with exactly the same value: Swift's `x-amz-request-id` is its `x-amz-id-2` */
  readonly sameAs?: string
  /** Others send it, too: it says something only where the host name is already this provider's. */
  readonly onlyWithHost?: boolean
  /** `certain`: nothing else is known to send it; `likely`: a fork or an imitation may */
  readonly confidence: 'certain' | 'likely'
  /** A public page, `owner/repository@commit:path`, or how it was measured; `unconfirmed` where no source is known */
  readonly source: string
  /** ISO date on which it was read or measured */
  readonly date: string
}

/** How a client of that provider should be set up. What is absent: the SDK's own default, or the caller's value. */
export interface ClientAdvice {
  /** Path style (`https://host/bucket/key`): true, or false where only virtual-host addressing works */
  readonly forcePathStyle?: boolean
  /** The signing region where it is always the same (`auto`); absent where it is part of the host or the caller's own */
  readonly region?: string
  readonly requestChecksumCalculation?: ChecksumSetting
  readonly responseChecksumValidation?: ChecksumSetting
  /** For people, one sentence each */
  readonly notes?: readonly string[]
}

/**
 * All that sealift knows of one provider. Plain JSON data.
 */
export interface ProviderDefinition {
  readonly profile: ProviderProfile
  /**
   * The host names of its endpoints, in lower case.
   * - `s3.example.com`: exactly that name
   * - `*`: one or more letters, digits and hyphens within one label (`*-s3alias.s3.example.com`)
   * - `{name}`: the same, where it fits the expression of that name in `labels`; `{region}` is the client's region, too
   * - a leading `**.`: with or without a bucket before it (virtual-host addressing; a bucket may hold dots)
   *
   * Where several fit one host, the one with the most literal characters wins. Empty for software that runs under any name.
   */
  readonly hosts: readonly string[]
  /** What `{name}` in `hosts` may be: regular expressions that have to fit the whole of it, by name. Without one: letters, digits and hyphens. */
  readonly labels?: Readonly<Record<string, string>>
  readonly fingerprints: readonly ResponseFingerprint[]
  readonly client: ClientAdvice
  /** Where `hosts` and `client` come from; the profile and each fingerprint have sources of their own. */
  readonly sources?: readonly ClaimSource[]
}

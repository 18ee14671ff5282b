import { genericProfile, type ProviderProfile } from '@sealift/core'
import { deepFreeze } from '../deep-freeze.ts'
import { extendProfile } from '../extend-profile.ts'
import type { ProviderDefinition } from '../provider-definition.ts'

/** Huawei Cloud OBS. The vendor writes `MD5(M1…MN)-N` for multipart ETags but not whether M is bytes or text: a candidate. Encrypted objects have other ETags. */
export const obsProfile: ProviderProfile = /* @__PURE__ */ extendProfile(genericProfile, {
  id: 'obs',
  name: 'Huawei Cloud OBS',
  limits: { minPartBytes: 102_400, maxPartBytes: 5_000_000_000, maxParts: 10_000, equalParts: false },
  sources: [
    { claim: 'etag', source: 'https://support.huaweicloud.com/intl/en-us/api-obs/obs_04_0102.html', date: '2026-11-20' },
    { claim: 'limits.minPartBytes', source: 'https://support.huaweicloud.com/intl/en-us/sdk-go-devg-obs/obs_33_0512.html', date: '2026-11-20' },
    { claim: 'limits.maxPartBytes', source: 'https://support.huaweicloud.com/intl/en-us/sdk-go-devg-obs/obs_33_0512.html', date: '2026-11-20' },
    { claim: 'limits.maxParts', source: 'https://support.huaweicloud.com/intl/en-us/sdk-go-devg-obs/obs_33_0512.html', date: '2026-11-20' },
    { claim: 'limits.equalParts', source: 'https://support.huaweicloud.com/intl/en-us/sdk-go-devg-obs/obs_33_0512.html', date: '2026-11-20' },
  ],
})

export const obsProvider: ProviderDefinition = /* @__PURE__ */ deepFreeze({
  profile: obsProfile,
  hosts: ['**.obs.{region}.myhuaweicloud.com'],
  labels: { region: '[a-z]{2}(-[a-z]+)+-?[0-9]+' },
  fingerprints: [
    { header: 'x-obs-request-id', confidence: 'likely', source: 'unconfirmed', date: '2026-11-20' },
    { header: 'x-obs-id-2', confidence: 'likely', source: 'unconfirmed', date: '2026-11-20' },
    { header: 'server', value: 'OBS', confidence: 'likely', source: 'unconfirmed', date: '2026-11-20' },
  ],
  client: {
    forcePathStyle: false,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    notes: ['Resellers run it under names of their own.'],
  },
  sources: [
    { claim: 'hosts', source: 'rclone/rclone@64ab1ac:backend/s3/provider/HuaweiOBS.yaml', date: '2026-11-20' },
    { claim: 'client', source: 'https://support.huaweicloud.com/intl/tr-tr/eu-west-0-usermanual-obs/obs_03_0360.html', date: '2026-11-20' },
  ],
})

import { invalidOption } from '@sealift/core'

/** What some buckets want to be told with every request. */
export interface BucketAccess {
  readonly expectedBucketOwner?: string
  readonly requestPayer?: 'requester'
}

/** @throws `ERR_INVALID_OPTION` */
export function checkBucketAccess({ expectedBucketOwner, requestPayer }: BucketAccess): void {
  if (expectedBucketOwner !== undefined && (typeof expectedBucketOwner !== 'string' || !/^[\x21-\x7e]{1,64}$/.test(expectedBucketOwner)))
    throw invalidOption('expectedBucketOwner', expectedBucketOwner, 'an account id')
  if (requestPayer !== undefined && requestPayer !== 'requester') throw invalidOption('requestPayer', requestPayer, "'requester'")
}

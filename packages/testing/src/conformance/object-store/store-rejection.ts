import assert from 'node:assert/strict'
import { ObjectStoreError, type StoreFailureReason } from '@sealift/core'

/** The call rejects with that reason, and its error names bucket and key. */
export async function rejectsWith(call: Promise<unknown>, reason: StoreFailureReason | readonly StoreFailureReason[]): Promise<ObjectStoreError> {
  const error = await call.then(
    () => assert.fail(`expected a rejection with ${String(reason)}`),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof ObjectStoreError, `expected an ObjectStoreError, got ${String(error)}`)
  assert.ok(([] as readonly StoreFailureReason[]).concat(reason).includes(error.reason), `expected ${String(reason)}, got ${error.reason}: ${error.message}`)
  assert.equal(typeof error.context.bucket, 'string')
  return error
}

import { expect } from 'vitest'
import { ObjectStoreError } from '../src/index.ts'

export { bytes, clientAt, directStore, NO_METADATA, REF, textOf } from './direct-store-plain.ts'

export async function failureOf(call: Promise<unknown>): Promise<ObjectStoreError> {
  const thrown = await call.then(
    () => null,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(ObjectStoreError)
  return thrown as ObjectStoreError
}

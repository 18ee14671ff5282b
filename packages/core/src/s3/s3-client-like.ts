/**
 * An AWS SDK v3 `S3Client`, by its shape, so that a client of a second copy of the SDK type-checks too.
 * Credentials, region, endpoint, addressing style, agents and middleware are the client's own; it is never changed.
 */
export interface S3ClientLike {
  readonly config: object
  readonly middlewareStack: { identify(): string[] }
  // methods, not properties: compared bivariantly, so that the SDK's generic overloads fit
  send(command: never, options?: never): Promise<unknown>
}

/** True for anything with the shape of an SDK v3 client. */
export function isS3ClientLike(value: unknown): value is S3ClientLike {
  if (typeof value !== 'object' || value === null) return false
  const client = value as Partial<S3ClientLike>
  return (
    typeof client.send === 'function' &&
    typeof client.config === 'object' &&
    client.config !== null &&
    typeof client.middlewareStack === 'object' &&
    client.middlewareStack !== null &&
    typeof client.middlewareStack.identify === 'function'
  )
}

/** Where an exchange broke. `credentials`: it never began, no credentials could be had. `body`: the request's own stream was too short or too long. */
export type TransportFailureKind = 'connect' | 'first-byte' | 'idle' | 'connection' | 'credentials' | 'body' | 'reply'

/** An exchange without a whole reply. Carries text only: no request, no headers. */
export class TransportFailure extends Error {
  readonly kind: TransportFailureKind
  /** how often the request was sent */
  readonly attempts: number

  constructor(kind: TransportFailureKind, message: string, attempts: number) {
    super(message)
    this.name = 'TransportFailure'
    this.kind = kind
    this.attempts = attempts
  }
}

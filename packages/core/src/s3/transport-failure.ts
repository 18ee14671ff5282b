/**
 * Where an exchange broke. `credentials`: it never began, no credentials could be had. `request`: it never began, the
 * client would not send it. `body`: the request's own stream was too short or too long. `called-off`: whoever gave the body did not want it whole.
 * `reply`: a reply came, and was not one to read.
 */
export type TransportFailureKind = 'connect' | 'first-byte' | 'idle' | 'connection' | 'credentials' | 'request' | 'body' | 'called-off' | 'reply'

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

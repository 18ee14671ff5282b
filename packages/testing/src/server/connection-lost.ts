/** Thrown when a request gets no answer, because the connection is gone or a fault says so. */
export class ConnectionLost extends Error {
  constructor() {
    super('the connection is gone')
    this.name = 'ConnectionLost'
  }
}

/**
 * What happens to one direction of a connection. Offsets are in bytes of that connection's stream in that direction, from 0, HTTP
 * headers and all. A keep-alive client sends many requests through one connection: where an offset must fall into one request, give the
 * client a fresh agent, or `keepAlive: false`.
 */
export interface TcpFault {
  /** Holds every piece back; a round trip grows by the delays of both directions. */
  readonly delayMs?: number
  /** Lets through no faster. */
  readonly rateBytesPerSecond?: number
  /** Inverts every bit of this byte. */
  readonly corruptAt?: number
  /** Closes in good order after so many bytes. */
  readonly endAt?: number
  /** Resets both sides (RST) after so many bytes; 0: when the first byte comes. */
  readonly resetAt?: number
  /** Lets nothing more through after so many bytes, and closes nothing. */
  readonly stallAt?: number
}

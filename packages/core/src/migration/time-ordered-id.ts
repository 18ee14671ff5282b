import { randomUUID } from 'node:crypto'

/**
 * A UUID of version 7: it begins with the time in milliseconds, so that the rows of one run lie side by side in every index, where random ids would touch
 * another page each. RFC 9562, section 5.7.
 */
export function timeOrderedId(nowMs: number = Date.now()): string {
  const time = nowMs.toString(16).padStart(12, '0')
  // the random tail and the variant are those of version 4
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${randomUUID().slice(15)}`
}

import type { WirePiece } from './http-body.ts'

/** What happens at one offset of a body on its way. */
export interface BodyFault {
  readonly at: number
  readonly kind: 'flip' | 'cut' | 'pause'
  /** Called when the offset is reached; the body waits for it. */
  readonly onReached: () => void | Promise<void>
}

/**
 * Passes a body on, with at most one fault in it.
 * @returns 'cut' when a cut was reached: `at` content bytes have passed, and nothing more will; otherwise 'whole'
 */
export async function pumpBody(pieces: AsyncIterable<WirePiece>, write: (bytes: Buffer) => Promise<void>, fault: BodyFault | null): Promise<'whole' | 'cut'> {
  let offset = 0
  let due = fault
  for await (const { bytes, content } of pieces) {
    const start = offset
    if (content) offset += bytes.length
    if (!content || due === null || due.at >= offset) {
      await write(bytes)
      continue
    }
    const { kind, onReached } = due
    const within = due.at - start
    due = null
    if (kind === 'flip') {
      const flipped = Buffer.from(bytes)
      flipped.writeUInt8(flipped.readUInt8(within) ^ 0x01, within)
      await onReached()
      await write(flipped)
      continue
    }
    if (within > 0) await write(bytes.subarray(0, within))
    await onReached()
    if (kind === 'cut') return 'cut'
    await write(bytes.subarray(within))
  }
  if (due?.kind === 'pause' && due.at === offset) await due.onReached()
  return 'whole'
}

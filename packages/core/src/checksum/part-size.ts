import { invalidOption } from '../errors.ts'
import { MIB } from '../limits.ts'
import { uploaderPartSizes } from './uploader-part-sizes.ts'

/** The most sizes that {@link rankedPartSizes} gives, whatever `limit` says. */
export const MAX_RANKED_PART_SIZES: number = 10_000

/** Whole MiB that people choose, the rounder first. */
const ROUND_MIB: readonly number[] = [100, 64, 50, 32, 25, 16, 10, 8, 5, 1]

/**
 * Which part sizes can have cut an object of that size into that many parts, all equal but the last.
 * @param sizeBytes - of the whole object
 * @param partCount - the `N` of `<hex>-N`
 * @returns both ends included; null where no size fits, so the parts were not equal. One part: any size from the object's own.
 * @throws `ERR_INVALID_OPTION` for numbers that are not safe integers (`sizeBytes` from 0, `partCount` from 1)
 */
export function feasiblePartSizes(sizeBytes: number, partCount: number): { minBytes: number; maxBytes: number } | null {
  checkInteger('sizeBytes', sizeBytes, 0)
  checkInteger('partCount', partCount, 1)
  if (partCount === 1) return { minBytes: sizeBytes, maxBytes: Number.MAX_SAFE_INTEGER }
  // (N-1)·p < size <= N·p
  const minBytes = divideUp(sizeBytes, partCount)
  const maxBytes = sizeBytes === 0 ? 0 : divideDown(sizeBytes - 1, partCount - 1)
  return maxBytes >= 1 && minBytes <= maxBytes ? { minBytes, maxBytes } : null
}

/**
 * Part sizes that an object of that size and part count may have been uploaded with, likeliest first: the rules of known uploaders,
 * then whole MiB (powers of two, an even split, other round ones, all), then multiples of 1,000,000, then multiples of 1024.
 * Every one is feasible, none comes twice. With one part every feasible size gives the same ETag.
 * @param limit - how many at most; {@link MAX_RANKED_PART_SIZES} at the very most
 * @throws `ERR_INVALID_OPTION` as {@link feasiblePartSizes}, and for a limit that is not a safe integer from 0
 */
export function rankedPartSizes(sizeBytes: number, partCount: number, limit = 8): number[] {
  checkInteger('limit', limit, 0)
  const range = feasiblePartSizes(sizeBytes, partCount)
  if (range === null) return []
  const minBytes = Math.max(1, range.minBytes)
  const { maxBytes } = range
  const most = Math.min(limit, MAX_RANKED_PART_SIZES)
  const ranked = new Set<number>()
  if (most === 0) return []
  for (const candidate of candidates(sizeBytes, minBytes, maxBytes)) {
    if (candidate < minBytes || candidate > maxBytes) continue
    ranked.add(candidate)
    if (ranked.size === most) break
  }
  return [...ranked]
}

function* candidates(sizeBytes: number, minBytes: number, maxBytes: number): Generator<number, void, undefined> {
  yield* uploaderPartSizes(sizeBytes)
  for (let size = MIB; size <= maxBytes; size *= 2) yield size
  // an even split into a chosen number of parts: ceil(size / N)
  yield minBytes
  for (const mib of ROUND_MIB) yield* multiples(mib * MIB, minBytes, maxBytes)
  yield* multiples(1_000_000, minBytes, maxBytes)
  yield* multiples(1024, minBytes, maxBytes)
}

function* multiples(step: number, minBytes: number, maxBytes: number): Generator<number, void, undefined> {
  for (let size = divideUp(minBytes, step) * step; size <= maxBytes; size += step) yield size
}

function checkInteger(option: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) throw invalidOption(option, value, `a whole number, at least ${least}`)
}

/** Exact for safe integers: a division in floating point can round to a neighbour. */
function divideDown(dividend: number, divisor: number): number {
  return (dividend - (dividend % divisor)) / divisor
}

function divideUp(dividend: number, divisor: number): number {
  return divideDown(dividend, divisor) + (dividend % divisor === 0 ? 0 : 1)
}

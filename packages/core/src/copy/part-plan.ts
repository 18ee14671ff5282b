import { invalidOption, SealiftError } from '../errors.ts'
import { MIB } from '../limits.ts'
import type { PartLimits } from '../ports/provider-profile.ts'

/** One part of an object. */
export interface PartRange {
  /** from 1 */
  readonly partNumber: number
  /** offset of its first byte */
  readonly start: number
  /** offset of its last byte; `start - 1` for an empty part */
  readonly endInclusive: number
  readonly sizeBytes: number
}

/** All parts have `partSizeBytes`, the last is the rest (1 to `partSizeBytes`; 0 only for an empty object, which has one empty part). */
export interface UniformLayout {
  readonly kind: 'uniform'
  /** of the whole object */
  readonly sizeBytes: number
  readonly partSizeBytes: number
  /** number of parts */
  readonly count: number
}

/** Parts of differing sizes. */
export interface ExplicitLayout {
  readonly kind: 'explicit'
  /** of the whole object */
  readonly sizeBytes: number
  /** index 0 is part 1 */
  readonly sizes: readonly number[]
  /** offset of each part's first byte */
  readonly starts: readonly number[]
  /** number of parts */
  readonly count: number
}

/** How an object is cut into parts. Plain data; parts are computed when asked for. */
export type PartLayout = UniformLayout | ExplicitLayout

/**
 * Parts of one size, the last the rest. An empty object has one empty part.
 * @throws `ERR_INVALID_OPTION` for a size or part size that is not a safe integer in range
 */
export function uniformLayout(sizeBytes: number, partSizeBytes: number): UniformLayout {
  checkSize('sizeBytes', sizeBytes, 0)
  checkSize('partSizeBytes', partSizeBytes, 1)
  return { kind: 'uniform', sizeBytes, partSizeBytes, count: Math.max(1, divideUp(sizeBytes, partSizeBytes)) }
}

/**
 * Parts of the sizes given. Sizes that are uniform give a uniform layout.
 * @param sizes - index 0 is part 1
 * @throws `ERR_INVALID_OPTION` for an empty list, a size that is not a safe integer, or a sum that is none
 */
export function explicitLayout(sizes: readonly number[]): PartLayout {
  if (!Array.isArray(sizes) || sizes.length === 0) throw invalidOption('sizes', sizes, 'at least one part size')
  const starts: number[] = []
  let sizeBytes = 0
  for (const [index, size] of sizes.entries()) {
    checkSize(`sizes[${index}]`, size, 0)
    starts.push(sizeBytes)
    sizeBytes += size
  }
  checkSize('sum of sizes', sizeBytes, 0)
  const first = sizes[0] ?? 0
  const last = sizes[sizes.length - 1] ?? 0
  const uniform = first > 0 && last > 0 && last <= first && sizes.every((size, index) => size === first || index === sizes.length - 1)
  if (uniform) return { kind: 'uniform', sizeBytes, partSizeBytes: first, count: sizes.length }
  return { kind: 'explicit', sizeBytes, sizes: [...sizes], starts, count: sizes.length }
}

/** @throws `ERR_INVALID_OPTION` for a part number that the layout does not have */
export function partRange(layout: PartLayout, partNumber: number): PartRange {
  if (!Number.isSafeInteger(partNumber) || partNumber < 1 || partNumber > layout.count) {
    throw invalidOption('partNumber', partNumber, `a whole number from 1 to ${layout.count}`)
  }
  let start: number
  let sizeBytes: number
  if (layout.kind === 'uniform') {
    start = (partNumber - 1) * layout.partSizeBytes
    sizeBytes = Math.min(layout.partSizeBytes, layout.sizeBytes - start)
  } else {
    start = layout.starts[partNumber - 1] ?? 0
    sizeBytes = layout.sizes[partNumber - 1] ?? 0
  }
  return { partNumber, start, endInclusive: start + sizeBytes - 1, sizeBytes }
}

/** The parts of a layout in order, each made when it is asked for. */
export function* partRanges(layout: PartLayout): Generator<PartRange, void, undefined> {
  for (let partNumber = 1; partNumber <= layout.count; partNumber += 1) yield partRange(layout, partNumber)
}

/** The parts of an object of that size in parts of that size: together they cover every byte once. */
export function planParts(sizeBytes: number, partSizeBytes: number): Iterable<PartRange> & { readonly layout: UniformLayout } {
  const layout = uniformLayout(sizeBytes, partSizeBytes)
  return { layout, [Symbol.iterator]: () => partRanges(layout) }
}

/**
 * The part size to upload an object with: the wanted one where the limits allow it, else the nearest that they do
 * (in whole MiB where one fits), so that the parts are few enough.
 * @throws `ERR_OBJECT_TOO_LARGE` where no part size fits
 */
export function choosePartSize(sizeBytes: number, wantedPartSizeBytes: number, limits: PartLimits): number {
  checkSize('sizeBytes', sizeBytes, 0)
  checkSize('partSizeBytes', wantedPartSizeBytes, 1)
  const largestBytes = limits.maxPartBytes * limits.maxParts
  if (sizeBytes > largestBytes || (limits.maxObjectBytes !== null && sizeBytes > limits.maxObjectBytes)) {
    const expected = `at most ${limits.maxObjectBytes === null ? largestBytes : Math.min(largestBytes, limits.maxObjectBytes)} bytes`
    throw new SealiftError('ERR_OBJECT_TOO_LARGE', `an object of ${sizeBytes} bytes does not fit: the destination takes ${expected}`, {
      context: { expected, actual: `${sizeBytes} bytes` },
    })
  }
  const wanted = Math.min(Math.max(wantedPartSizeBytes, limits.minPartBytes), limits.maxPartBytes)
  const neededBytes = divideUp(sizeBytes, limits.maxParts)
  if (neededBytes <= wanted) return wanted
  const wholeMib = divideUp(neededBytes, MIB) * MIB
  return wholeMib <= limits.maxPartBytes ? wholeMib : neededBytes
}

/** Whether a store takes an upload in these parts; `reason` is for people. */
export function layoutPermitted(layout: PartLayout, limits: PartLimits): { readonly permitted: true } | { readonly permitted: false; readonly reason: string } {
  const refuse = (reason: string): { readonly permitted: false; readonly reason: string } => ({ permitted: false, reason })
  if (layout.count > limits.maxParts) return refuse(`${layout.count} parts, the limit is ${limits.maxParts}`)
  if (limits.maxObjectBytes !== null && layout.sizeBytes > limits.maxObjectBytes) {
    return refuse(`an object of ${layout.sizeBytes} bytes, the limit is ${limits.maxObjectBytes}`)
  }
  if (layout.kind === 'explicit' && layout.count > 1 && limits.equalParts) return refuse('parts of differing sizes, all but the last must be equal')
  const { smallestBytes, largestBytes } = partSizeBounds(layout)
  if (smallestBytes < limits.minPartBytes)
    return refuse(`a part of ${smallestBytes} bytes that is not the last, the smallest allowed is ${limits.minPartBytes}`)
  if (largestBytes > limits.maxPartBytes) return refuse(`a part of ${largestBytes} bytes, the largest allowed is ${limits.maxPartBytes}`)
  return { permitted: true }
}

/** Smallest part that is not the last (infinite where there is one part), and the largest of all. */
function partSizeBounds(layout: PartLayout): { smallestBytes: number; largestBytes: number } {
  if (layout.kind === 'uniform') {
    const many = layout.count > 1
    return { smallestBytes: many ? layout.partSizeBytes : Number.POSITIVE_INFINITY, largestBytes: many ? layout.partSizeBytes : layout.sizeBytes }
  }
  let smallestBytes = Number.POSITIVE_INFINITY
  let largestBytes = 0
  for (const [index, size] of layout.sizes.entries()) {
    if (index < layout.count - 1 && size < smallestBytes) smallestBytes = size
    if (size > largestBytes) largestBytes = size
  }
  return { smallestBytes, largestBytes }
}

function checkSize(option: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) throw invalidOption(option, value, `a whole number of bytes, at least ${least}`)
}

/** Exact for safe integers: a division in floating point can round up to the next whole number. */
function divideUp(dividend: number, divisor: number): number {
  const rest = dividend % divisor
  return (dividend - rest) / divisor + (rest === 0 ? 0 : 1)
}

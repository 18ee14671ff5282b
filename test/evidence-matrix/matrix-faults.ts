/** Where the faults hit: the body on its way in, on its way out, or at rest behind the server's own checks. */
export const FAULT_NAMES = [
  'none',
  'read-flip-once',
  'read-flip-always',
  'read-cut-once',
  'read-cut-always',
  'write-flip-once',
  'write-flip-always',
  'write-cut-once',
  'write-cut-always',
  'rest-flip-once',
  'rest-flip-always',
] as const

export type FaultName = (typeof FAULT_NAMES)[number]

/** What each fault is, for people. */
export const FAULT_TEXT: Readonly<Record<FaultName, string>> = {
  none: 'none',
  'read-flip-once': 'a bit flips in a reply of the source, once',
  'read-flip-always': 'the same in every reply of the source that holds that byte',
  'read-cut-once': 'a reply of the source ends early, once',
  'read-cut-always': 'the same in every reply of the source',
  'write-flip-once': 'a bit flips in a body on its way to the destination, once',
  'write-flip-always': 'the same in every body',
  'write-cut-once': 'a body on its way to the destination ends early, once',
  'write-cut-always': 'the same with every body',
  'rest-flip-once': 'a bit of the written object flips at rest, once, after the server’s checks and behind the digests that it keeps',
  'rest-flip-always': 'the same with every object that is written',
}

export const isSourceFault = (fault: FaultName): boolean => fault.startsWith('read-')
export const isDestinationFault = (fault: FaultName): boolean => fault.startsWith('write-') || fault.startsWith('rest-')
export const isAtRest = (fault: FaultName): boolean => fault.startsWith('rest-')
export const isAlways = (fault: FaultName): boolean => fault.endsWith('-always')

/** The byte that flips: inside every object, and inside the body of every part. */
export const FLIP_AT_BYTE = 5_003
/** Bytes that pass before the end: four tries, each resumed where the last one broke off, do not add up to an object. */
export const CUT_AFTER_BYTES = 3_001

/** Whole copies, and further reads of the source, that the engine may make. */
export const ATTEMPTS: Readonly<Record<'once' | 'always', number>> = { once: 3, always: 2 }

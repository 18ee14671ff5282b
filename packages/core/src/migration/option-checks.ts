import { invalidOption } from '../errors.ts'

/** @throws `ERR_INVALID_OPTION` unless the value is a plain options object; keys that are not known are refused by name */
export function checkObject(option: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidOption(option, value, 'an object')
  for (const name of Object.keys(value)) {
    if (!known.includes(name))
      throw invalidOption(option === 'options' ? name : `${option}.${name}`, 'given', `no such option; the options are ${known.join(', ')}`)
  }
}

export function oneOf<const T extends string>(option: string, value: unknown, allowed: readonly T[], fallback: T): T {
  if (value === undefined) return fallback
  if (!(allowed as readonly unknown[]).includes(value)) throw invalidOption(option, value, allowed.map((name) => `'${name}'`).join(', '))
  return value as T
}

export function flag(option: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback
  if (typeof value !== 'boolean') throw invalidOption(option, value, 'true or false')
  return value
}

/** A whole number within bounds, both inclusive. */
export function wholeNumber(
  option: string,
  value: unknown,
  bounds: { readonly least: number; readonly most: number; readonly unit: string },
  fallback: number,
): number {
  if (value === undefined) return fallback
  const { least, most, unit } = bounds
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most) {
    throw invalidOption(option, value, `a whole number of ${unit} from ${least} to ${most}`)
  }
  return value
}

export function optionalText(option: string, value: unknown, most: number): string | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'string' || value === '' || value.length > most) throw invalidOption(option, value, `a string of 1 to ${most} characters`)
  return value
}

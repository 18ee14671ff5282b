import { invalidOption } from '@sealift/core'
import { BUCKET_NAME, LABEL_PATTERN } from './host-pattern.ts'

const MAX_EXPRESSION_CHARACTERS = 200
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/
const HEADER_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/

type Check = (value: unknown, option: string) => void

const CLIENT_FIELDS: Readonly<Record<string, Check>> = {
  forcePathStyle: boolean,
  region: text(/^[A-Za-z0-9-]+$/, 'a region such as "us-east-1"'),
  requestChecksumCalculation: checksumSetting,
  responseChecksumValidation: checksumSetting,
  notes: listOf(text(/\S/, 'a sentence')),
}

const FINGERPRINT_FIELDS: Readonly<Record<string, Check>> = {
  header: text(HEADER_NAME, 'a header name in lower case'),
  bodyElement: text(/^[A-Za-z][A-Za-z0-9]*$/, 'the name of an XML element'),
  value: text(/^[\s\S]{1,1000}$/, 'the value, 1 to 1000 characters, where * stands for any'),
  pattern: expression,
  sameAs: text(HEADER_NAME, 'a header name in lower case'),
  onlyWithHost: boolean,
  confidence: (value, option) => {
    if (value !== 'certain' && value !== 'likely') throw invalidOption(option, value, 'certain or likely')
  },
  source: text(/\S/, 'where it comes from'),
  date: isoDate,
}

const SOURCE_FIELDS: Readonly<Record<string, Check>> = {
  claim: text(/^(?:hosts|client)$/, 'hosts or client'),
  source: text(/\S/, 'where it comes from'),
  date: isoDate,
}

/**
 * Checks everything of a definition but its profile.
 * @param allowed - the names of its fields
 * @throws `ERR_INVALID_OPTION`
 */
export function checkDefinitionFields(value: unknown, option: string, allowed: readonly string[]): void {
  const input = plainObject(value, option)
  refuseUnknown(input, allowed, option)
  if (input.labels !== undefined) checkLabels(input.labels, `${option}.labels`)
  const labelNames = new Set<string>()
  if (input.hosts !== undefined) listOf((host, at) => checkHost(host, at, labelNames))(input.hosts, `${option}.hosts`)
  const unused = Object.keys(input.labels ?? {}).find((name) => !labelNames.has(name))
  if (unused !== undefined) throw invalidOption(`${option}.labels.${unused}`, unused, 'a name that a host has in braces')
  if (input.fingerprints !== undefined) listOf(checkFingerprint)(input.fingerprints, `${option}.fingerprints`)
  if (input.client !== undefined) fields(CLIENT_FIELDS, [])(input.client, `${option}.client`)
  if (input.sources !== undefined) listOf(fields(SOURCE_FIELDS, ['claim', 'source', 'date']))(input.sources, `${option}.sources`)
}

function checkLabels(value: unknown, option: string): void {
  for (const [name, source] of Object.entries(plainObject(value, option))) {
    if (!/^[a-z]+$/.test(name) || name === BUCKET_NAME) throw invalidOption(`${option}.${name}`, name, `a name in lower-case letters, not ${BUCKET_NAME}`)
    expression(source, `${option}.${name}`)
  }
}

function checkHost(value: unknown, option: string, labelNames: Set<string>): void {
  const expected = 'a host name in lower case whose labels may hold * and {name}, after an optional leading "**.", e.g. "**.s3.{region}.example.com"'
  if (typeof value !== 'string' || value.length > 253) throw invalidOption(option, value, expected)
  const labels = (value.startsWith('**.') ? value.slice(3) : value).split('.')
  if (!labels.every((label) => LABEL_PATTERN.test(label))) throw invalidOption(option, value, expected)
  // `*` or `{x}` as the last label, or before it without a letter of its own, would be everybody's names
  const literals = labels.map((label) => label.replace(/\{[a-z]+\}|\*/g, ''))
  if (literals.at(-1) !== labels.at(-1) || literals.at(-2) === '') throw invalidOption(option, value, 'a name whose last two labels are the provider’s own')
  const names = [...value.matchAll(/\{([a-z]+)\}/g)].map((found) => found[1] as string)
  if (new Set(names).size !== names.length || names.includes(BUCKET_NAME))
    throw invalidOption(option, value, `each name in braces once, and none called ${BUCKET_NAME}`)
  for (const name of names) labelNames.add(name)
}

function checkFingerprint(value: unknown, option: string): void {
  fields(FINGERPRINT_FIELDS, ['confidence', 'source', 'date'])(value, option)
  const { header, bodyElement, value: exact, pattern, sameAs } = value as Record<string, unknown>
  if ((header === undefined) === (bodyElement === undefined)) throw invalidOption(option, value, 'either header or bodyElement')
  if (exact !== undefined && pattern !== undefined) throw invalidOption(`${option}.pattern`, pattern, 'either value or pattern')
  if (sameAs !== undefined && header === undefined) throw invalidOption(`${option}.sameAs`, sameAs, 'only beside header')
}

function fields(checks: Readonly<Record<string, Check>>, required: readonly string[]): Check {
  return (value, option) => {
    const given = plainObject(value, option)
    refuseUnknown(given, Object.keys(checks), option)
    for (const [name, check] of Object.entries(checks)) {
      if (given[name] !== undefined || required.includes(name)) check(given[name], `${option}.${name}`)
    }
  }
}

function listOf(check: Check): Check {
  return (value, option) => {
    if (!Array.isArray(value)) throw invalidOption(option, value, 'an array')
    for (let index = 0; index < value.length; index++) check(value[index], `${option}[${index}]`)
  }
}

function text(pattern: RegExp, expected: string): Check {
  return (value, option) => {
    if (typeof value !== 'string' || !pattern.test(value)) throw invalidOption(option, value, expected)
  }
}

function boolean(value: unknown, option: string): void {
  if (typeof value !== 'boolean') throw invalidOption(option, value, 'true or false')
}

function checksumSetting(value: unknown, option: string): void {
  if (value !== 'WHEN_REQUIRED' && value !== 'WHEN_SUPPORTED') throw invalidOption(option, value, 'WHEN_REQUIRED or WHEN_SUPPORTED')
}

function isoDate(value: unknown, option: string): void {
  const valid = typeof value === 'string' && ISO_DATE.test(value) && new Date(`${value}T00:00:00Z`).toJSON()?.startsWith(value) === true
  if (!valid) throw invalidOption(option, value, 'an ISO date such as "2026-11-21"')
}

function expression(value: unknown, option: string): void {
  const expected = `a regular expression of 1 to ${MAX_EXPRESSION_CHARACTERS} characters without named groups`
  if (typeof value !== 'string' || value === '' || value.length > MAX_EXPRESSION_CHARACTERS || value.includes('(?<'))
    throw invalidOption(option, value, expected)
  try {
    new RegExp(`^(?:${value})$`)
  } catch {
    throw invalidOption(option, value, expected)
  }
}

function plainObject(value: unknown, option: string): Readonly<Record<string, unknown>> {
  const prototype: unknown = typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined
  const plain = prototype === null || (prototype !== undefined && Object.getPrototypeOf(prototype) === null)
  if (!plain) throw invalidOption(option, value, 'a plain object')
  return value as Readonly<Record<string, unknown>>
}

function refuseUnknown(value: Readonly<Record<string, unknown>>, allowed: readonly string[], option: string): void {
  const unknown = Object.keys(value).find((name) => !allowed.includes(name))
  if (unknown !== undefined) throw invalidOption(`${option}.${unknown}`, value[unknown], `no such field; there are ${allowed.join(', ')}`)
}

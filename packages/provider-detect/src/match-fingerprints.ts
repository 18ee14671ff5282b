import type { ProviderDefinition, ResponseFingerprint } from './provider-definition.ts'

/** A reply, as far as fingerprints look at it. */
export interface ReplyTraits {
  /** names in lower case */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** an error's XML; empty where there was none */
  readonly text: string
}

/** A provider that replies look like. */
export interface FingerprintMatch {
  readonly definition: ProviderDefinition
  /** of the strongest fingerprint that fits */
  readonly confidence: 'certain' | 'likely'
  /** one sentence for each that fits; no values of headers in it */
  readonly reasons: readonly string[]
}

/**
 * The providers whose fingerprints are in any of the replies. Pure.
 * @param byHost - whose host it is: only there a fingerprint counts that others send, too; null: nobody's
 */
export function matchFingerprints(
  definitions: readonly ProviderDefinition[],
  replies: readonly ReplyTraits[],
  byHost: ProviderDefinition | null,
): readonly FingerprintMatch[] {
  return definitions.flatMap((definition) => {
    const fitting = definition.fingerprints.filter(
      (fingerprint) => (fingerprint.onlyWithHost !== true || definition === byHost) && replies.some((reply) => fits(fingerprint, reply)),
    )
    if (fitting.length === 0) return []
    const confidence = fitting.some((fingerprint) => fingerprint.confidence === 'certain') ? 'certain' : 'likely'
    return [{ definition, confidence, reasons: fitting.map((fingerprint) => `${describeFingerprint(fingerprint)}: ${definition.profile.name}`) }]
  })
}

function fits(fingerprint: ResponseFingerprint, reply: ReplyTraits): boolean {
  const value = fingerprint.header !== undefined ? headerOf(reply, fingerprint.header) : elementOf(reply.text, fingerprint.bodyElement ?? '')
  if (value === undefined) return false
  if (fingerprint.value !== undefined && !wildcard(fingerprint.value).test(value)) return false
  if (fingerprint.pattern !== undefined && !new RegExp(`^(?:${fingerprint.pattern})$`).test(value)) return false
  return fingerprint.sameAs === undefined || headerOf(reply, fingerprint.sameAs) === value
}

function headerOf(reply: ReplyTraits, name: string): string | undefined {
  return Object.hasOwn(reply.headers, name) ? reply.headers[name] : undefined
}

/** `*` stands for any characters. */
function wildcard(value: string): RegExp {
  return new RegExp(`^${value.split('*').map(escaped).join('.*')}$`, 's')
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** The text of an element of a small error document; an empty one counts as there. */
function elementOf(xml: string, name: string): string | undefined {
  if (name === '') return undefined
  const match = new RegExp(`<(?:\\w+:)?${escaped(name)}(?:\\s[^>]*)?(?:/>|>([^<]*)</)`).exec(xml)
  return match === null ? undefined : (match[1] ?? '')
}

function describeFingerprint(fingerprint: ResponseFingerprint): string {
  const place = fingerprint.header === undefined ? `the element ${fingerprint.bodyElement} of its error` : `the reply header ${fingerprint.header}`
  const form = fingerprint.value ?? fingerprint.pattern
  return `${place}${form === undefined ? '' : ` has the form ${form}`}${fingerprint.sameAs === undefined ? '' : ` and equals ${fingerprint.sameAs}`}`
}

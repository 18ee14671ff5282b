import type { ProviderDefinition } from './provider-definition.ts'

/** What a host pattern found in a host name. */
export interface HostMatch {
  readonly pattern: string
  /** How many characters of the pattern are literal: the more, the more exact */
  readonly literalCharacters: number
  /** The bucket before the endpoint's own name; null where there is none */
  readonly bucket: string | null
  /** What `{region}` stands for; null where the pattern has none */
  readonly region: string | null
}

interface CompiledPattern {
  readonly pattern: string
  readonly literalCharacters: number
  readonly expression: RegExp
}

/** One label of a pattern: literal characters, `*` and `{name}`. */
export const LABEL_PATTERN: RegExp = /^(?:[a-z0-9-]|\*(?!\*)|\{[a-z]+\})+$/

/** The name of `**` among the names of a pattern: no label may be called so. */
export const BUCKET_NAME = 'bucket'

// one or more of what a label may hold; never a dot
const WITHIN_LABEL = '[a-z0-9-]+'
// AWS: 3 to 63; Google, with dots: to 222
const MIN_BUCKET_CHARACTERS = 3
const MAX_BUCKET_CHARACTERS = 222
const compiled = new WeakMap<ProviderDefinition, readonly CompiledPattern[]>()

/**
 * The most exact of a provider's host patterns that fits.
 * @param host - lower case, its labels valid, without port and trailing dot
 * @param literalOnly - only patterns without placeholders, for addresses and `localhost`
 */
export function matchHost(definition: ProviderDefinition, host: string, literalOnly: boolean): HostMatch | null {
  let best: HostMatch | null = null
  for (const { pattern, literalCharacters, expression } of patternsOf(definition)) {
    if (best !== null && best.literalCharacters >= literalCharacters) continue
    if (literalOnly && pattern !== host) continue
    const found = expression.exec(host)
    if (found === null) continue
    const { [BUCKET_NAME]: bucket = null, ...names } = (found.groups ?? {}) as Record<string, string | undefined>
    if (bucket !== null && (bucket.length < MIN_BUCKET_CHARACTERS || bucket.length > MAX_BUCKET_CHARACTERS)) continue
    // the caller's expressions are not ours to trust: what they found has to lie within one label
    if (Object.values(names).some((value) => value?.includes('.'))) continue
    best = { pattern, literalCharacters, bucket, region: names.region ?? null }
  }
  return best
}

function patternsOf(definition: ProviderDefinition): readonly CompiledPattern[] {
  const known = compiled.get(definition)
  if (known !== undefined) return known
  const patterns = definition.hosts.map((pattern) => compile(pattern, definition.labels ?? {}))
  compiled.set(definition, patterns)
  return patterns
}

function compile(pattern: string, labels: Readonly<Record<string, string>>): CompiledPattern {
  const withBucket = pattern.startsWith('**.')
  const rest = withBucket ? pattern.slice(3) : pattern
  const body = rest.replace(/\{([a-z]+)\}|\*|\./g, (token, name: string | undefined) => {
    if (name !== undefined) return `(?<${name}>${Object.hasOwn(labels, name) ? labels[name] : WITHIN_LABEL})`
    return token === '*' ? WITHIN_LABEL : '\\.'
  })
  return {
    pattern,
    literalCharacters: rest.replace(/\{[a-z]+\}|\*/g, '').length,
    expression: new RegExp(`^${withBucket ? `(?:(?<${BUCKET_NAME}>.+)\\.)?` : ''}${body}$`),
  }
}

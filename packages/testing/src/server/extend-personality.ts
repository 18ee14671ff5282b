import { invalidOption } from '@sealift/core'
import type { Personality } from './personality.ts'

/** Sections in which any name may stand; they are replaced whole. */
type OpenSection = 'replyHeaders' | 'objectHeaders' | 'operations'

/** The sections of a personality, each field of them optional. */
export type PersonalityChanges = {
  readonly [Section in Exclude<keyof Personality, 'id'>]?: Section extends OpenSection | 'region' | 'serverHeader' | 'requestId'
    ? Personality[Section]
    : Partial<Personality[Section]>
}

const OPEN_SECTIONS: ReadonlySet<string> = new Set<OpenSection>(['replyHeaders', 'objectHeaders', 'operations'])

/**
 * A personality with some fields changed. A field is replaced whole, so that nothing of what was in it shines through;
 * so are the sections without fields of their own: `replyHeaders`, `objectHeaders`, `operations`.
 * @throws SealiftError `ERR_INVALID_OPTION` for a section or field that there is not
 */
export function extendPersonality(base: Personality, { id, ...changes }: PersonalityChanges & { readonly id: string }): Personality {
  if (typeof id !== 'string' || id === '') throw invalidOption('personality.id', id, 'a name')
  const personality: Record<string, unknown> = { ...base, id }
  for (const [section, change] of Object.entries(changes)) {
    if (!Object.hasOwn(base, section)) throw invalidOption(`personality.${section}`, change, `one of ${Object.keys(base).join(', ')}`)
    personality[section] = changed(section, personality[section], change)
  }
  return personality as unknown as Personality
}

function changed(section: string, before: unknown, change: unknown): unknown {
  if (!isSection(before) || OPEN_SECTIONS.has(section)) return change
  if (!isSection(change)) throw invalidOption(`personality.${section}`, change, 'an object')
  for (const name of Object.keys(change)) {
    if (!Object.hasOwn(before, name)) throw invalidOption(`personality.${section}.${name}`, change[name], `one of ${Object.keys(before).join(', ')}`)
  }
  return { ...before, ...change }
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import { type ClaimSource, invalidOption, type ProviderProfile, SealiftError } from '@sealift/core'
import { deepFreeze } from './deep-freeze.ts'

/** The groups of a profile: everything but its names, its sources and what was probed. */
type Groups = Omit<ProviderProfile, 'id' | 'name' | 'sources' | 'probed'>

/** What differs from another profile: whole fields of a group, e.g. `{ limits: { maxParts: 1000 } }`. */
export type ProfileChanges = { readonly [G in keyof Groups]?: Partial<NonNullable<Groups[G]>> } & {
  readonly id: string
  readonly name: string
  /** Where every changed claim comes from */
  readonly sources: readonly ClaimSource[]
}

/**
 * A profile that differs from another one in some fields. The result is plain data again and holds everything.
 *
 * Sources: those of the changes come first, and one for a group (`limits`) takes the place of all that the base says of that group.
 * A source of the base never speaks for a field that was changed.
 * @param option - how an error names the changes
 * @throws `ERR_INVALID_OPTION` where a changed field has no source among those of the changes
 */
export function extendProfile(base: ProviderProfile, changes: ProfileChanges, option: string = 'profile'): ProviderProfile {
  const { id, name, sources, ...groups } = changes
  if (!Array.isArray(sources)) throw invalidOption(`${option}.sources`, sources, 'an array')
  const named: readonly string[] = sources.map((source: unknown) => String((source as Partial<ClaimSource> | null)?.claim))
  // what a probe answered of one endpoint is not known of another
  const { probed: _, ...table } = base
  const merged: Record<string, unknown> = { ...table, id, name }
  for (const [group, fields] of Object.entries(groups)) {
    const before = (base as unknown as Record<string, Record<string, unknown> | undefined>)[group]
    // what is no group is left to the validation of the whole, which names it
    merged[group] = isRecord(fields) && (before === undefined || isRecord(before)) ? { ...before, ...fields } : fields
    if (!isRecord(fields)) continue
    for (const [field, value] of Object.entries(fields)) {
      if (sameJson(before?.[field], value)) continue
      const path = `${group}.${field}`
      if (!named.some((claim) => covers(claim, path))) {
        throw new SealiftError('ERR_INVALID_OPTION', `option ${option}.sources: expected a source for "${path}", which differs from ${base.id}'s`, {
          context: { option: `${option}.sources`, expected: `a source for "${path}"` },
        })
      }
    }
  }
  merged.sources = [...sources, ...base.sources.filter(({ claim }) => !named.some((own) => covers(own, claim)))]
  return deepFreeze(merged as unknown as ProviderProfile)
}

/** `etag` covers `etag` and `etag.single`. */
function covers(claim: string, path: string): boolean {
  return path === claim || path.startsWith(`${claim}.`)
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

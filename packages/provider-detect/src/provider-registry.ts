import { invalidOption } from '@sealift/core'
import { defineProvider, type ProviderInput } from './define-provider.ts'
import type { ProviderDefinition } from './provider-definition.ts'
import { providerDefinitions } from './provider-definitions.ts'

/** The providers that a detection chooses from. It never changes: to add one, make another registry. */
export interface ProviderRegistry {
  /** The caller's own first, then those of this package; `generic` is among them. */
  readonly definitions: readonly ProviderDefinition[]
  /** @returns undefined where no provider has that id */
  byId(id: string): ProviderDefinition | undefined
}

/** The providers of this package. */
export const builtInProviders: ProviderRegistry = /* @__PURE__ */ registryOf(providerDefinitions)

/**
 * A registry of the providers of this package and of the caller's own.
 * @param added - plain data; one with an id of this package takes its place, also `generic`. `extends` may name one that stands before it in this list.
 * @throws `ERR_INVALID_OPTION` naming the field, e.g. `providers[0].hosts[1]`, or an id that is given twice
 *
 * @example
 * ```ts
 * const providers = createProviderRegistry([{ profile: { extends: 'ceph', id: 'ours', name: 'Our Ceph', sources: [] }, hosts: ['**.s3.example.com'] }])
 * detectProviderFromHost('photos.s3.example.com', { providers }).profile.id // 'ours'
 * ```
 */
export function createProviderRegistry(added: readonly ProviderInput[]): ProviderRegistry {
  if (!Array.isArray(added)) throw invalidOption('providers', added, 'an array of provider definitions')
  const own: ProviderDefinition[] = []
  for (let index = 0; index < added.length; index++) {
    const option = `providers[${index}]`
    const definition = defineProvider(added[index] as ProviderInput, { option, bases: [...own, ...providerDefinitions] })
    const { id } = definition.profile
    if (own.some((other) => other.profile.id === id)) throw invalidOption(`${option}.profile.id`, id, 'an id that no other of the list has')
    own.push(definition)
  }
  const taken = new Set(own.map((definition) => definition.profile.id))
  return registryOf([...own, ...providerDefinitions.filter((definition) => !taken.has(definition.profile.id))])
}

function registryOf(definitions: readonly ProviderDefinition[]): ProviderRegistry {
  const byId = new Map(definitions.map((definition) => [definition.profile.id, definition]))
  return Object.freeze({ definitions: Object.freeze([...definitions]), byId: (id: string) => byId.get(id) })
}

import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ProviderProfile } from '@sealift/core'
import type { PersonalityDefinition } from '@sealift/testing'
import type { StoreFacts } from './store-facts.ts'

/** A store that is in no table: what it takes to run the matrix with it. */
export interface AddedStore {
  /** its row, `scale: 'tiny'`; the id is none of the table's */
  readonly facts: StoreFacts
  readonly personality: PersonalityDefinition
  /** told to the engine */
  readonly profile: ProviderProfile
}

/**
 * The store of a module, which exports it as `matrixStore`.
 * @param file - relative to the working directory
 * @throws Error where the module exports none, or one that the matrix cannot run
 */
export async function addedStoreOf(file: string, taken: readonly string[]): Promise<AddedStore> {
  const module: Record<string, unknown> = await import(pathToFileURL(isAbsolute(file) ? file : resolve(file)).href)
  const store = module.matrixStore
  if (!isAddedStore(store)) throw new Error(`${file} exports no matrixStore with facts, personality and profile`)
  const { facts, profile } = store
  if (taken.includes(facts.id)) throw new Error(`${file}: the table of the matrix has a store ${facts.id} already`)
  if (facts.scale !== 'tiny') throw new Error(`${file}: facts.scale is ${facts.scale}; the matrix runs an added store in the kit, at the scale tiny`)
  if (profile.id !== facts.profileId) throw new Error(`${file}: the profile is ${profile.id}, facts.profileId says ${facts.profileId}`)
  return store
}

function isAddedStore(value: unknown): value is AddedStore {
  if (typeof value !== 'object' || value === null) return false
  return ['facts', 'personality', 'profile'].every((part) => typeof (value as Record<string, unknown>)[part] === 'object')
}

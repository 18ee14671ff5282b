import { invalidOption } from '@sealift/core'
import { extendPersonality, type PersonalityChanges } from './extend-personality.ts'
import { BUILT_IN } from './personalities/built-in.ts'
import { PERSONALITIES, type Personality, type PersonalityName } from './personality.ts'

/** A personality by what sets it apart from another one: plain data. */
export interface PersonalityDefinition extends PersonalityChanges {
  readonly id: string
  /** The personality that it starts from. @defaultValue `'aws'` */
  readonly extends?: PersonalityName | Personality
}

/**
 * Makes a whole personality of a definition: each field that it names takes the place of the base's; what it does not name stays.
 * @throws SealiftError `ERR_INVALID_OPTION` for a base, section or field that there is not
 */
export function definePersonality(definition: PersonalityDefinition): Personality {
  const { extends: base = 'aws', ...changes } = definition
  return extendPersonality(baseOf(base), changes)
}

/** The personality that an option names, is, or defines. @throws SealiftError `ERR_INVALID_OPTION` */
export function resolvePersonality(choice: PersonalityName | Personality | PersonalityDefinition): Personality {
  if (typeof choice === 'string') return baseOf(choice)
  return isWhole(choice) ? choice : definePersonality(choice)
}

function baseOf(base: PersonalityName | Personality): Personality {
  if (typeof base === 'object') return base
  const found = Object.hasOwn(BUILT_IN, base) ? BUILT_IN[base] : undefined
  if (found === undefined) throw invalidOption('personality', base, `one of ${PERSONALITIES.join(', ')}, or a personality object`)
  return found
}

function isWhole(choice: Personality | PersonalityDefinition): choice is Personality {
  return !('extends' in choice) && Object.keys(BUILT_IN.aws).every((section) => section in choice)
}

const GROUPS = 'http://acs.amazonaws.com/groups/global/'

/** The canned ACLs that say the same at every store that has ACLs, by the grant that makes them. */
const CANNED: ReadonlyMap<string, string> = new Map([
  [`x-amz-grant-read uri="${GROUPS}AllUsers"`, 'public-read'],
  [`x-amz-grant-read uri="${GROUPS}AuthenticatedUsers"`, 'authenticated-read'],
])

/** What of an ACL has a meaning at another store. */
export interface PortableAcl {
  /** the value of `x-amz-acl`; null: nobody but the owner */
  readonly canned: string | null
  /** grants that are not carried, as `x-amz-grant-read id="…"` */
  readonly lost: readonly string[]
}

/**
 * Users are known by an id that means nobody, or somebody else, at another store; groups mean the same everywhere. A canned ACL is sent rather than
 * grants, as explicit grants would take away the owner's own. Pure.
 * @param grants - `x-amz-grant-*` headers by name, without the owner's own
 */
export function portableAcl(grants: Readonly<Record<string, string>>): PortableAcl {
  const all = Object.entries(grants).flatMap(([header, value]) => value.split(', ').map((grantee) => `${header} ${grantee}`))
  // everybody is more than whoever has signed in
  const key = [...CANNED.keys()].find((candidate) => all.includes(candidate))
  const canned = key === undefined ? null : (CANNED.get(key) ?? null)
  const implied = canned === null ? [] : [...CANNED.keys()]
  return { canned, lost: all.filter((grant) => !implied.includes(grant)) }
}

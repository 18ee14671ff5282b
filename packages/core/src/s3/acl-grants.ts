/** A grant as the SDK reads it. */
interface Grant {
  readonly Grantee?:
    | { readonly Type?: string | undefined; readonly ID?: string | undefined; readonly URI?: string | undefined; readonly EmailAddress?: string | undefined }
    | undefined
  readonly Permission?: string | undefined
}

const HEADER_BY_PERMISSION: Readonly<Record<string, string>> = {
  FULL_CONTROL: 'x-amz-grant-full-control',
  READ: 'x-amz-grant-read',
  READ_ACP: 'x-amz-grant-read-acp',
  WRITE_ACP: 'x-amz-grant-write-acp',
}

/**
 * An ACL as `x-amz-grant-*` headers: `id="…", uri="…"`. WRITE has no meaning for objects and is left out; so are the rights of the owner, who has them as such.
 * @param ownerId - as the ACL names the owner
 */
export function grantsFromAcl(grants: readonly Grant[], ownerId?: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const { Grantee, Permission } of grants) {
    const header = HEADER_BY_PERMISSION[Permission ?? '']
    const name = grantee(Grantee)
    if (header === undefined || name === null || (ownerId !== undefined && Grantee?.ID === ownerId)) continue
    headers[header] = headers[header] === undefined ? name : `${headers[header]}, ${name}`
  }
  return headers
}

function grantee(who: Grant['Grantee']): string | null {
  if (who?.URI !== undefined) return `uri="${who.URI}"`
  if (who?.ID !== undefined) return `id="${who.ID}"`
  if (who?.EmailAddress !== undefined) return `emailAddress="${who.EmailAddress}"`
  return null
}

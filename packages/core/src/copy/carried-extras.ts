import type { NotCarried } from '../object-result.ts'
import { ObjectStoreError } from '../object-store-error.ts'
import type { ObjectRef, ObjectTag } from '../ports/object-store.ts'
import { planCarry } from './carried-metadata.ts'
import type { CopyWork } from './copy-attempt.ts'
import type { CopyJob } from './copy-job.ts'
import { checksumToKeep } from './kept-checksum.ts'
import { portableAcl } from './portable-acl.ts'
import { withRetries } from './retry.ts'
import { copySupport } from './server-side-choice.ts'
import type { SourceSession } from './source-session.ts'

/** What goes with the bytes, and what is set once they are there. */
export interface Carried {
  readonly write: CopyWork['write']
  /** all tags of the source that the destination can hold */
  readonly tags: readonly ObjectTag[]
  readonly notCarried: readonly NotCarried[]
}

/** Asks the source for tags and ACL where there are any and the destination can hold them, and decides what is carried. */
export async function gatherCarried(job: CopyJob, session: SourceSession): Promise<Carried> {
  const { settings, destination } = job
  const extra: NotCarried[] = []
  const tags = await sourceTags(job, session, extra)
  const plan = planCarry({
    metadata: session.stat.metadata,
    tags,
    lock: session.stat.lock,
    destination: destination.profile,
    carry: settings.carry,
    storageClassMap: settings.storageClassMap,
    kmsKeyMap: settings.kmsKeyMap,
  })
  const grants = settings.carry.acl ? await sourceGrants(job, session, extra) : undefined
  return {
    // where tags are not certain they are set afterwards, so that a store without them does not refuse the write
    write: { metadata: plan.metadata, tags: destination.profile.metadata.tags === 'yes' ? plan.tags : undefined, grants, lock: plan.lock ?? undefined },
    tags: plan.tags,
    notCarried: [...plan.notCarried, ...extra, ...checksumToKeep(session.stat.checksums, destination.profile).notCarried],
  }
}

async function sourceTags(job: CopyJob, session: SourceSession, notCarried: NotCarried[]): Promise<readonly ObjectTag[]> {
  const { tagCount } = session.stat
  if (tagCount === null || tagCount === 0) return []
  if (job.destination.profile.metadata.tags === 'no') {
    notCarried.push({ what: 'tags', name: null, reason: `${job.destination.profile.name} has no object tags` })
    return []
  }
  try {
    return (await withRetries(job, 'source', () => job.source.getTags(session.pin.ref, { signal: job.signal }))).tags
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error
    notCarried.push({ what: 'tags', name: null, reason: `they cannot be read at the source (${error.reason})` })
    return []
  }
}

async function sourceGrants(job: CopyJob, session: SourceSession, notCarried: NotCarried[]): Promise<Readonly<Record<string, string>> | undefined> {
  const lose = (reason: string): undefined => {
    notCarried.push({ what: 'acl', name: null, reason })
    return undefined
  }
  try {
    const { grants } = await withRetries(job, 'source', () => job.source.getAclGrants(session.pin.ref, { signal: job.signal }))
    if (Object.keys(grants).length === 0) return undefined
    const { name, metadata } = job.destination.profile
    if (metadata.acl !== 'yes') return lose(metadata.acl === 'no' ? `${name} has no object ACLs` : `${name} is not known to keep object ACLs`)
    const { canned, lost } = portableAcl(grants)
    for (const grant of lost) notCarried.push({ what: 'acl', name: grant, reason: 'it names a user of the source, or a right that no canned ACL gives' })
    return canned === null ? undefined : { 'x-amz-acl': canned }
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error
    return lose(`it cannot be read at the source (${error.reason})`)
  }
}

/** Sets the tags that did not go with the write itself. What the destination refuses is not carried; it never fails the object. */
export async function setTagsAfterWrite(job: CopyJob, carried: Carried, ref: ObjectRef, sentWith: 'put' | 'create' | 'copy'): Promise<void> {
  const { metadata: support } = job.destination.profile
  const kept = { put: 'yes', create: support.tagsOnCreateUpload, copy: copySupport(job.destination.profile).tags }[sentWith]
  const sentWithWrite = support.tags === 'yes' && kept === 'yes'
  if (carried.tags.length === 0 || sentWithWrite) return
  try {
    await withRetries(job, 'destination', () => job.destination.putTags(ref, carried.tags, { signal: job.signal }))
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error
    job.notCarried.push({ what: 'tags', name: null, reason: `the destination refused them (${error.reason})` })
  }
}

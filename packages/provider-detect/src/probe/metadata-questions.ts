import type { ObjectRef, ObjectTag } from '@sealift/core'
import { NO_METADATA, probeBody } from './probe-body.ts'
import type { ProbeContext } from './probe-context.ts'

/** What the probe tags its objects with. */
export const PROBE_TAGS: readonly ObjectTag[] = [{ key: 'sealift-probe', value: 'one' }]
const OTHER_TAGS: readonly ObjectTag[] = [{ key: 'sealift-probe', value: 'two' }]

/** Whether tags go with a PUT, or can at least be set afterwards. */
export async function askTags(context: ProbeContext): Promise<void> {
  const probe = await probeBody(48)
  const ref = context.ref('tagged')
  const withWrite = await context.write(ref, () => context.plain.put(ref, probe.body, { metadata: NO_METADATA, tags: PROBE_TAGS }))
  if (withWrite.kind === 'unanswered') return context.leave('metadata.tags', `PUT with tags: ${withWrite.message}`)
  if (withWrite.kind === 'done') {
    const kept = await hasTags(context, ref, PROBE_TAGS)
    if (kept === null) return context.leave('metadata.tags', 'the tags could not be read')
    if (kept) return context.answer('metadata.tags', 'yes', 'the tags of a PUT came back')
  } else {
    const plain = await context.write(ref, () => context.plain.put(ref, probe.body, { metadata: NO_METADATA }))
    if (plain.kind !== 'done') return context.leave('metadata.tags', `PUT: ${plain.message}`)
  }
  const later = await context.change(() => context.plain.putTags(ref, OTHER_TAGS))
  if (later.kind === 'unanswered') return context.leave('metadata.tags', `PutObjectTagging: ${later.message}`)
  const kept = later.kind === 'done' ? await hasTags(context, ref, OTHER_TAGS) : false
  if (kept === null) return context.leave('metadata.tags', 'the tags could not be read')
  context.answer('metadata.tags', kept ? 'candidate' : 'no', kept ? 'tags can be set only after a PUT' : 'tags are not kept')
}

/** null: no answer */
export async function hasTags(context: ProbeContext, ref: ObjectRef, wanted: readonly ObjectTag[]): Promise<boolean | null> {
  const read = await context.read((options) => context.plain.getTags(ref, options))
  if (read.kind === 'unanswered') return null
  if (read.kind === 'refused') return false
  return wanted.every((tag) => read.value.tags.some((other) => other.key === tag.key && other.value === tag.value))
}

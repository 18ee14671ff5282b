import type { SourceJudgement } from '../verify/source-judgement.ts'
import type { CopyWork } from './copy-attempt.ts'
import type { CopyJob } from './copy-job.ts'
import { layoutPermitted } from './part-plan.ts'
import { ReadHasher } from './read-hasher.ts'
import type { SourceSession } from './source-session.ts'

/**
 * Under `layout: 'exact'`, reads a large object of unknown layout once only to find its layout among the candidates, so that the write that follows
 * gives the destination the same ETag. A layout that is not found changes nothing.
 */
export async function findExactLayout(job: CopyJob, session: SourceSession, work: CopyWork): Promise<SourceJudgement | null> {
  if (job.settings.layout !== 'exact' || work.route.kind !== 'parts' || work.known !== null || work.candidates.length < 2 || session.reads.length > 0)
    return null
  const hasher = new ReadHasher(job.engine, work.plan.algorithms, work.candidates, ['md5'])
  try {
    for await (const chunk of session.bytes({ fresh: false })) hasher.push(chunk)
    const digests = hasher.finish()
    const wanted = session.claims.claims.find((claim) => claim.method === 'etag-multipart')?.expected
    const found = wanted === undefined ? undefined : work.candidates[digests.multipartEtags.indexOf(wanted)]
    if (found !== undefined && layoutPermitted(found, job.destination.profile.limits).permitted) {
      work.layout = found
      work.origin = 'derived'
    }
    return session.judge(digests, false)
  } catch (error) {
    hasher.abandon()
    throw error
  }
}

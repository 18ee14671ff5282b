import { startS3Server } from '@sealift/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ComparableAnswer, comparableAnswer } from '../reality/comparable-answer.ts'
import { REALITY_EXCEPTIONS } from '../reality/exceptions.ts'
import type { ProbeMode, ProbeTarget } from '../reality/probe-result.ts'
import { PROBE_CHECKS, probeChecks } from '../reality/s3-probe.ts'
import { describeWithServer, type RealServerName, realServer } from '../servers/real-servers.ts'

const MODES: readonly ProbeMode[] = ['default', 'required']
const CHECKS = PROBE_CHECKS.flatMap(([group, checks]) => checks.map(({ name }) => ({ group, name })))

type Answers = ReadonlyMap<string, ComparableAnswer>

async function answersOf(target: ProbeTarget, mode: ProbeMode): Promise<Answers> {
  return new Map((await probeChecks(target, mode)).map((result) => [result.name, comparableAnswer(result)]))
}

interface Pair {
  readonly personality: 'ceph' | 'swift'
  readonly server: RealServerName
}

const PAIRS: readonly Pair[] = [
  { personality: 'ceph', server: 'rgw-source' },
  { personality: 'swift', server: 'swift-source' },
]

/** Both modes of the personality and of the real server, all at once: every run keeps to buckets of its own. */
async function askBoth({ personality, server }: Pair): Promise<ReadonlyMap<string, Answers>> {
  const real = realServer(server)
  if (real === null) return new Map()
  const kit = await startS3Server({ personality })
  try {
    const runs = MODES.flatMap((mode) => [
      answersOf(kit, mode).then((answers) => [`kit ${mode}`, answers] as const),
      answersOf(real, mode).then((answers) => [`real ${mode}`, answers] as const),
    ])
    return new Map(await Promise.all(runs))
  } finally {
    await kit.close()
  }
}

const asked = new Map<Pair, ReadonlyMap<string, Answers>>()

// some 25 s of work on two cores; the limit leaves room for a busy machine
beforeAll(async () => {
  await Promise.all(PAIRS.map(async (pair) => asked.set(pair, await askBoth(pair))))
}, 300_000)

for (const pair of PAIRS) {
  const { personality, server } = pair
  describeWithServer([server], `the ${personality} personality answers as ${server} does`, () => {
    describe.each(MODES)("checksum settings of the client: '%s'", (mode) => {
      it.each(CHECKS)('[$group] $name', ({ name }) => {
        const ours = asked.get(pair)?.get(`kit ${mode}`)?.get(name)
        const theirs = asked.get(pair)?.get(`real ${mode}`)?.get(name)
        if (ours === undefined || theirs === undefined) throw new Error('the check was not run')
        const exception = REALITY_EXCEPTIONS.find((one) => one.personality === personality && one.check === name && one.modes.includes(mode))
        const differing = (['ok', 'status', 'code', 'note'] as const).filter((aspect) => ours[aspect] !== theirs[aspect])
        expect({ differsIn: differing, ours, theirs }).toEqual({ differsIn: exception?.differsIn ?? [], ours, theirs })
      })
    })
  })
}

describe('the list of exceptions', () => {
  it.each(REALITY_EXCEPTIONS)('$personality: $check', ({ check, modes, reason }) => {
    expect(CHECKS.map(({ name }) => name)).toContain(check)
    expect(modes.length).toBeGreaterThan(0)
    expect(reason).not.toBe('')
  })

  it('no two checks have one name', () => {
    expect(new Set(CHECKS.map(({ name }) => name)).size).toBe(CHECKS.length)
  })
})

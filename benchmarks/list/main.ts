// `npm run bench` prints the questions, and how each is asked; `npm run bench -- all` asks them one after the other (an hour on two cores).
import { spawnSync } from 'node:child_process'

const QUESTIONS = {
  'direct-against-sdk': 'What does an object cost by the direct data path, and what by the AWS SDK? (Node 22, 24 and 26; 0 and 300,000 live objects)',
  'verified-against-unverified': 'What does the proof cost? migrateObject against a bare GET and PUT, unthrottled and on a line of 1 Gbit/s, 1 ms away',
  memory: 'How much memory does it take? (--full: 20 GiB)',
  requests: 'How many requests does an object take, of which kinds?',
  'candidate-cost': 'What does a candidate for the part layout cost?',
  'audit-row': 'What does the audit row cost?',
} as const

const [wanted] = process.argv.slice(2)
if (wanted !== undefined && wanted !== 'all') {
  process.stderr.write(`expected nothing, or 'all', got ${JSON.stringify(wanted)}\n`)
  process.exit(1)
}

for (const [folder, question] of Object.entries(QUESTIONS)) {
  const parameters = ['--conditions=@sealift/source', `benchmarks/${folder}/main.ts`, ...(wanted === 'all' && folder === 'memory' ? ['--full'] : [])]
  process.stdout.write(`${question}\n  node ${parameters.join(' ')}\n\n`)
  if (wanted !== 'all') continue
  const { status } = spawnSync(process.execPath, parameters, { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
  process.stdout.write('\n')
}

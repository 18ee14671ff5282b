// What `npm run bench` prints: the questions, and how each is asked.

const QUESTIONS = {
  'direct-against-sdk': 'What does an object cost by the direct data path, and what by the AWS SDK? (Node 22, 24 and 26; 0 and 300,000 live objects)',
  'verified-against-unverified': 'What does the proof cost? migrateObject against a bare GET and PUT, unthrottled and on a line of 1 Gbit/s',
  memory: 'How much memory does it take? (--full: 20 GiB)',
  requests: 'How many requests does an object take, of which kinds?',
  'candidate-cost': 'What does a candidate for the part layout cost?',
  'audit-row': 'What does the audit row cost?',
} as const

for (const [folder, question] of Object.entries(QUESTIONS)) {
  process.stdout.write(`${question}\n  node --conditions=@sealift/source benchmarks/${folder}/main.ts\n\n`)
}

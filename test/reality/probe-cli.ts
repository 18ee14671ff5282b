// What does this S3 endpoint really do?
//   S3_ENDPOINT=http://127.0.0.1:8101 S3_ACCESS_KEY_ID=… S3_SECRET_ACCESS_KEY=… node --conditions=@sealift/source test/reality/probe-cli.ts default|required [results.json]
// 'default' leaves the SDK's checksum settings alone; 'required' sets both to WHEN_REQUIRED. Loopback only: it writes.
// QUIET=1 prints the totals only.
import { writeFile } from 'node:fs/promises'
import { probeChecks } from './s3-probe.ts'

const [mode, file] = process.argv.slice(2)
const {
  S3_ENDPOINT: endpoint = '',
  S3_ACCESS_KEY_ID: accessKeyId = '',
  S3_SECRET_ACCESS_KEY: secretAccessKey = '',
  S3_REGION: region = 'us-east-1',
  QUIET,
} = process.env
if (!/^https?:\/\/127\.0\.0\.1:\d+$/.test(endpoint) || accessKeyId === '' || (mode !== 'default' && mode !== 'required')) {
  console.error('set S3_ENDPOINT (http://127.0.0.1:port), S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY; the first argument is default or required')
  process.exit(2)
}
const results = await probeChecks({ endpoint, region, credentials: { accessKeyId, secretAccessKey } }, mode, ({ ok, group, name, note }) => {
  if (QUIET === undefined) console.log(`${ok ? 'ok  ' : 'no  '} [${group}] ${name}${note === '' ? '' : ` — ${note}`}`)
})
const passed = results.filter(({ ok }) => ok).length
console.log(`${endpoint} ${mode}: ${passed} yes, ${results.length - passed} no`)
if (file !== undefined) await writeFile(file, JSON.stringify({ endpoint, mode, results }, null, 1))

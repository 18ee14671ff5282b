import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

// port 9 (discard): nobody listens there
const NOWHERE = { RGW_PORT_A: '9', RGW_PORT_B: '9', RGW_TLS_PORT_A: '9', RGW_TLS_PORT_B: '9', MOTO_PORT_A: '9', MOTO_PORT_B: '9' }

interface Outcome {
  readonly title: string
  readonly status: string
  readonly message: string
}

describe('describeWithServer', () => {
  let folder = ''
  let listening: Server
  let port = ''

  beforeAll(async () => {
    mkdirSync(join(root, '.tmp'), { recursive: true })
    // inside the repository, so that the case finds vitest
    folder = mkdtempSync(join(root, '.tmp', 'real-servers-'))
    writeFileSync(join(folder, 'vitest.config.mjs'), `export default { test: { include: ['*.case.ts'] } }`)
    for (const name of ['rgw-source', 'moto-source']) {
      writeFileSync(
        join(folder, `${name}.case.ts`),
        `import { expect, it } from 'vitest'
         import { describeWithServer } from '${join(root, 'test/servers/real-servers.ts')}'
         describeWithServer(['${name}'], 'copies', (servers) => {
           it('gets ' + JSON.stringify(servers['${name}']), () => expect(1).toBe(1))
         })`,
      )
    }
    listening = createServer((_, response) => response.writeHead(403).end()).listen(0, '127.0.0.1')
    await once(listening, 'listening')
    port = String((listening.address() as AddressInfo).port)
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    listening.close()
    await once(listening, 'close')
  })

  async function run(name: string, environment: Readonly<Record<string, string>>): Promise<Outcome[]> {
    const report = join(folder, 'report.json')
    const inherited = Object.entries(process.env).filter(([variable]) => !/^(VITEST|REQUIRE_REAL_SERVERS|RGW_|MOTO_)/.test(variable))
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
    const child = spawn(process.execPath, [vitest, 'run', '--root', folder, '--reporter=json', `--outputFile.json=${report}`, name], {
      env: { ...Object.fromEntries(inherited), ...NOWHERE, ...environment },
      stdio: 'ignore',
      timeout: 60_000,
    })
    await once(child, 'exit')
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
      testResults: { assertionResults: { fullName: string; status: string; failureMessages?: string[] }[] }[]
    }
    return testResults.flatMap((file) =>
      file.assertionResults.map((test) => ({ title: test.fullName, status: test.status, message: (test.failureMessages ?? []).join('\n') })),
    )
  }

  it('runs the suite, and hands it the server, where the port answers', async () => {
    const server = {
      name: 'rgw-source',
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'SRCACCESSKEY000000A', secretAccessKey: 'srcsecretsrcsecretsrcsecretsrcsecret00A' },
      accessLog: join(folder, 'log', 'client.rgw.a.log'),
    }
    expect(await run('rgw-source', { RGW_PORT_A: port, RGW_HOME: folder })).toEqual([
      { title: `copies gets ${JSON.stringify(server)}`, status: 'passed', message: '' },
    ])
  }, 60_000)

  it('skips the suite by the name of the missing server', async () => {
    expect(await run('rgw-source', {})).toMatchObject([{ title: 'copies skipped: rgw-source not running', status: 'skipped' }])
  }, 60_000)

  it('fails where REQUIRE_REAL_SERVERS=1 and the server is missing', async () => {
    const [outcome] = await run('rgw-source', { REQUIRE_REAL_SERVERS: '1' })
    expect(outcome).toMatchObject({ title: 'copies needs rgw-source', status: 'failed' })
    expect(outcome?.message).toContain('test/servers/radosgw.sh start')
  }, 60_000)

  it('never requires moto, a model', async () => {
    expect(await run('moto-source', { REQUIRE_REAL_SERVERS: '1' })).toMatchObject([{ title: 'copies skipped: moto-source not running', status: 'skipped' }])
  }, 60_000)
})

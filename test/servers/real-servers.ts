import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import * as http from 'node:http'
import * as https from 'node:https'
import { fileURLToPath } from 'node:url'
import { describe, it } from 'vitest'

const SCRIPTS = {
  rgw: 'radosgw.sh',
  swift: 'swift-s3api.sh',
  moto: 'moto.sh',
} as const

type Software = keyof typeof SCRIPTS

/** The servers that `test/servers/*.sh` start: where objects are copied from, and where to. */
export type RealServerName = `${Software}-${'source' | 'destination'}`

/** A server that answers, and how to reach it. */
export interface RealServer {
  readonly name: RealServerName
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** `https://127.0.0.1:<port>`, where the server was started with TLS and answers under the certificate in `caFile` */
  readonly tlsEndpoint?: string
  /** PEM file of the certificate to trust for `tlsEndpoint` */
  readonly caFile?: string
  /** the file that the server writes a line to for each request, where its script says so */
  readonly accessLog?: string
}

/** Milliseconds a server has to answer one request before it counts as not running. */
const ANSWER_WITHIN_MS = 3_000

// The scripts say where their servers are (they read RGW_PORT_A, SWIFT_PORT_A, … from the environment). TLS has no
// default in radosgw.sh; these are the ports that CI and CONTRIBUTING.md use.
const DEFAULT_TLS_PORTS = { RGW_TLS_PORT_A: '8145', RGW_TLS_PORT_B: '8146' }

const found: ReadonlyMap<RealServerName, RealServer> = await findServers()

/**
 * The server, or null where it does not run; asked once, when this module is loaded.
 * @public
 */
export function realServer(name: RealServerName): RealServer | null {
  return found.get(name) ?? null
}

/**
 * `describe` for tests that need real servers. Where all of them answer, the suite runs. Otherwise it is skipped by the
 * name of what is missing, and with `REQUIRE_REAL_SERVERS=1` it fails instead (moto apart: it is a model, never required).
 *
 * @param names - the servers that the suite uses
 * @param suite - the body of the `describe`; gets the servers by their names
 */
export function describeWithServer<const Name extends RealServerName>(
  names: readonly Name[],
  title: string,
  suite: (servers: Readonly<Record<Name, RealServer>>) => void,
): void {
  const missing = names.filter((name) => realServer(name) === null)
  if (missing.length === 0) {
    const servers = Object.fromEntries(names.map((name) => [name, realServer(name)])) as Record<Name, RealServer>
    describe(title, () => suite(servers))
    return
  }
  const required = process.env.REQUIRE_REAL_SERVERS === '1' && missing.some((name) => !name.startsWith('moto-'))
  describe(title, () => {
    if (required) {
      it(`needs ${missing.join(', ')}`, () => {
        throw new Error(`${missing.join(', ')} not running, and REQUIRE_REAL_SERVERS=1; start with ${missing.map(scriptOf).join(', ')}`)
      })
    } else {
      it(`skipped: ${missing.join(', ')} not running`, (context) => context.skip(`start with ${missing.map(scriptOf).join(', ')}`))
    }
  })
}

function scriptOf(name: RealServerName): string {
  return `test/servers/${SCRIPTS[name.split('-')[0] as Software]} start`
}

async function findServers(): Promise<Map<RealServerName, RealServer>> {
  const candidates = (Object.keys(SCRIPTS) as Software[]).flatMap(configuredServers)
  const answering = await Promise.all(candidates.map(onlyWhatAnswers))
  return new Map(answering.filter((server) => server !== null).map((server) => [server.name, server]))
}

/** What the script's `env` prints; nothing where there is no bash. */
function configuredServers(software: Software): RealServer[] {
  let lines: string
  try {
    const script = fileURLToPath(new URL(SCRIPTS[software], import.meta.url))
    lines = execFileSync('bash', [script, 'env'], {
      encoding: 'utf8',
      env: { ...DEFAULT_TLS_PORTS, ...process.env },
      timeout: 10_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return []
  }
  const values = new Map(lines.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
  const server = (role: 'source' | 'destination', prefix: string): RealServer => {
    const tlsEndpoint = values.get(`${prefix}_TLS_ENDPOINT`)
    const caFile = values.get('S3_CA_FILE')
    const accessLog = values.get(`${prefix}_ACCESS_LOG`)
    return {
      name: `${software}-${role}`,
      endpoint: required(values, `${prefix}_ENDPOINT`),
      region: required(values, `${prefix}_REGION`),
      credentials: { accessKeyId: required(values, `${prefix}_ACCESS_KEY_ID`), secretAccessKey: required(values, `${prefix}_SECRET_ACCESS_KEY`) },
      ...(tlsEndpoint !== undefined && caFile !== undefined ? { tlsEndpoint, caFile } : {}),
      ...(accessLog === undefined ? {} : { accessLog }),
    }
  }
  return [server('source', 'S3_SRC'), server('destination', 'S3_DST')]
}

function required(values: ReadonlyMap<string, string>, name: string): string {
  const value = values.get(name)
  if (value === undefined) throw new Error(`the script's env prints no ${name}`)
  return value
}

async function onlyWhatAnswers(server: RealServer): Promise<RealServer | null> {
  if (!(await answers(server.endpoint))) return null
  const { tlsEndpoint, caFile, ...plain } = server
  if (tlsEndpoint === undefined || caFile === undefined || !existsSync(caFile)) return plain
  return (await answers(tlsEndpoint, readFileSync(caFile))) ? server : plain
}

/** Any HTTP reply will do: an unsigned request is refused, by a server that runs. */
async function answers(endpoint: string, ca?: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
    const onResponse = (response: http.IncomingMessage): void => {
      response.on('error', () => {})
      response.resume()
      resolve(true)
    }
    const options = { agent: false, signal, headers: { connection: 'close' } } as const
    const request = ca === undefined ? http.get(endpoint, options, onResponse) : https.get(endpoint, { ...options, ca }, onResponse)
    request.on('error', () => resolve(false))
  })
}

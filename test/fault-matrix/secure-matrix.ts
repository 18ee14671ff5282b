import { readFileSync } from 'node:fs'
import tls from 'node:tls'
import { SELF_SIGNED } from '../self-signed.ts'
import type { RealServer } from '../servers/real-servers.ts'

/** SEALIFT_TLS=1 runs a matrix over TLS: the engine's connections end at a proxy or a server of the kit that has a certificate of its own. */
export const overTls: boolean = process.env.SEALIFT_TLS === '1'

/** For a server of the kit or an HTTP fault proxy; nothing over plain HTTP. */
export const ownCertificate: { readonly tls?: typeof SELF_SIGNED } = overTls ? { tls: SELF_SIGNED } : {}

/** Where the engine's requests go: by TLS the server's own TLS endpoint. */
export function engineEndpoint(server: RealServer): string {
  if (!overTls) return server.endpoint
  if (server.tlsEndpoint === undefined) throw new Error(`${server.name} was started without TLS (RGW_TLS_PORT_A and RGW_TLS_PORT_B), and SEALIFT_TLS=1`)
  return server.tlsEndpoint
}

/** Certificates that this process trusts from now on. Both transports take them, as no client of the tests has a list of its own. */
export function trustCertificatesOf(servers: readonly RealServer[]): void {
  if (!overTls) return
  const files = new Set(servers.flatMap(({ caFile }) => (caFile === undefined ? [] : [caFile])))
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), SELF_SIGNED.cert, ...[...files].map((file) => readFileSync(file, 'utf8'))])
}

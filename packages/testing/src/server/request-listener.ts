import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { answerRequest } from './answer-request.ts'
import { toText } from './byte-string.ts'
import { ConnectionLost } from './connection-lost.ts'
import { errorReply } from './error-reply.ts'
import type { Exchange, Reply } from './exchange.ts'
import type { FaultPlan } from './fault-plan.ts'
import { operationOf } from './operation.ts'
import { replyHooks, runHook } from './reply-hooks.ts'
import { writeReply } from './reply-writer.ts'
import { fingerprintHeaders, newRequestId } from './request-id.ts'
import { RequestIntake } from './request-intake.ts'
import { publicHeaders, publicParameters, type RequestLog } from './request-log.ts'
import { resetSocket } from './reset-socket.ts'
import { S3Error } from './s3-error.ts'
import { readS3Request } from './s3-request.ts'
import type { ServerState } from './server-state.ts'

/** Handles every request of a server: faults, signature, operation, reply, log. */
export function requestListener(state: ServerState, plan: FaultPlan, log: RequestLog): RequestListener {
  return (incoming, response) => {
    void serve(state, plan, log, incoming, response)
  }
}

interface Outcome {
  status: number
  errorCode: string | undefined
  bytesOut: number
}

async function serve(state: ServerState, plan: FaultPlan, log: RequestLog, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const startedAt = Date.now()
  const started = performance.now()
  // a client that goes away must not end the process
  incoming.on('error', () => {})
  response.on('error', () => {})
  const request = readS3Request(incoming)
  const operation = operationOf(request)
  const exchange: Exchange = {
    state,
    request,
    operation,
    faults: plan.take(request, operation),
    signature: null,
    intake: new RequestIntake(incoming, response),
  }
  const outcome: Outcome = { status: 0, errorCode: undefined, bytesOut: 0 }
  try {
    await exchangeReply(exchange, response, outcome)
  } catch (error) {
    // a reply that broke half-way cannot be mended: the connection ends, as it would with any server
    if (!(error instanceof ConnectionLost)) response.destroy()
  }
  const partNumber = request.query.get('partNumber')
  log.add({
    operation,
    method: request.method,
    bucket: request.bucket,
    key: toText(request.key),
    query: publicParameters(request.parameters),
    ...(partNumber !== undefined && /^\d+$/.test(partNumber) ? { partNumber: Number(partNumber) } : {}),
    status: outcome.status,
    ...(outcome.errorCode === undefined ? {} : { errorCode: outcome.errorCode }),
    bytesIn: exchange.intake.bytesIn,
    bytesOut: outcome.bytesOut,
    headers: publicHeaders(incoming.headers),
    startedAt,
    durationMs: performance.now() - started,
  })
}

async function exchangeReply(exchange: Exchange, response: ServerResponse, outcome: Outcome): Promise<void> {
  const { state, request, faults, intake } = exchange
  const requestId = newRequestId(state.personality.requestId)
  const reply = await answerRequest(exchange, requestId).catch((error: unknown): Reply => {
    if (error instanceof ConnectionLost) throw error
    const failure = error instanceof S3Error ? error : new S3Error(500, 'InternalError', error instanceof Error ? error.message : undefined)
    outcome.errorCode = failure.code
    return errorReply(state.personality, failure, { bucket: request.bucket, key: request.key, requestId, method: request.method })
  })
  await runHook(exchange, 'before-reply', reply.status)
  if (faults.take('lost-reply') !== null) {
    resetSocket(request.incoming.socket)
    throw new ConnectionLost()
  }
  const headers: Record<string, string> = { ...fingerprintHeaders(state.personality, requestId), ...echoedChecksums(exchange), ...reply.headers }
  if (intake.isAwaited) headers.connection = 'close'
  outcome.status = reply.status
  await writeReply(response, request.method, { ...reply, headers }, faults, replyHooks(exchange, reply), (bytes) => {
    outcome.bytesOut += bytes
  })
  // what the client still sends of a refused body is read first: a connection that is closed on it loses the answer, too
  if (!request.incoming.complete) response.flushHeaders()
  await intake.drain()
  response.end()
}

/** The checksums that the client claimed, given back unseen. */
function echoedChecksums({ request, faults }: Exchange): Record<string, string> {
  if (faults.peek('echo-checksum') === null) return {}
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.incoming.headers)) {
    if (/^x-amz-checksum-(?!mode|type|algorithm)[a-z0-9]+$/.test(name)) headers[name] = String(value)
  }
  return headers
}

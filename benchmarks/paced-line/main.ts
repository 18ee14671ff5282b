import { startTcpFaultProxy } from '@sealift/testing'

// A line of a given rate before the benchmark server: `main.ts <port> <bytes per second>`, each direction of each connection for itself.

const [port, rate] = process.argv.slice(2).map(Number)
if (port === undefined || rate === undefined) throw new Error('usage: main.ts <port> <bytes per second>')
const direction = { rateBytesPerSecond: rate }
const proxy = await startTcpFaultProxy({ target: { port }, rule: { up: direction, down: direction } })
process.once('disconnect', () => process.exit(0))
process.send?.({ port: proxy.port })

import { type AddressInfo, connect, createServer } from 'node:net'
import { LineDirection } from './line-direction.ts'

// A line before the benchmark server, which all connections share: `main.ts <port> <bytes per second> <ms each way>`.

const [port, bytesPerSecond, delayMs] = process.argv.slice(2).map(Number)
if (port === undefined || bytesPerSecond === undefined || delayMs === undefined) throw new Error('usage: main.ts <port> <bytes per second> <ms each way>')
const up = new LineDirection({ bytesPerSecond, delayMs })
const down = new LineDirection({ bytesPerSecond, delayMs })
const server = createServer({ noDelay: true }, (client) => {
  const target = connect({ port, host: '127.0.0.1', noDelay: true })
  up.carry(client, target)
  down.carry(target, client)
})
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port })
})
// the benchmark that started this line ends it by closing the channel
process.once('disconnect', () => process.exit(0))

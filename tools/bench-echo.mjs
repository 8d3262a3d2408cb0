// The yardstick of tools/bench.ts: a bare socket that sends back what it hears.
import { WebSocketServer } from 'ws'

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' }, () => process.send?.(server.address().port))
server.on('connection', (socket) => socket.on('message', (data) => socket.send(data, { binary: false })))

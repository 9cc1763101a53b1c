// aedes on four ports of the loopback interface: TCP, TLS, WebSocket, WebSocket over TLS.
//   node aedes_broker.mjs CERTIFICATE KEY TCP_PORT TLS_PORT WS_PORT WSS_PORT
import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import tls from 'node:tls'
import { Aedes } from 'aedes'
import { WebSocketServer, createWebSocketStream } from 'ws'

const [certificate, key, ...ports] = process.argv.slice(2)
const identity = { cert: readFileSync(certificate), key: readFileSync(key) }
const broker = await Aedes.createBroker({
  authenticate: (client, user, password, done) => {
    const known = user === 'alice' && password?.toString() === 'secret'
    done(known ? null : Object.assign(new Error('unknown user'), { returnCode: 4 }), known)
  },
})

// Over a WebSocket, a subprotocol that was asked for is agreed to.
const withWebSocket = (server) => {
  new WebSocketServer({ server }).on('connection', (socket, request) => {
    broker.handle(createWebSocketStream(socket), request)
  })
  return server
}

const servers = [
  net.createServer(broker.handle),
  tls.createServer(identity, broker.handle),
  withWebSocket(http.createServer()),
  withWebSocket(https.createServer(identity)),
]
servers.forEach((server, i) => {
  server.on('error', (error) => {
    console.error(error.message)
    process.exit(1)
  })
  server.listen(Number(ports[i]), '127.0.0.1')
})

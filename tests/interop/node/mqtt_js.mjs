// MQTT.js as a program.
//   node mqtt_js.mjs sub URL VERSION FILTER COUNT    prints "QOS TOPIC HEX TYPE NAME:VALUE" a message
//   node mqtt_js.mjs pub URL VERSION TYPE NAME VALUE reads lines "QOS TOPIC HEX"
// TYPE, NAME and VALUE are the content type and a user property of MQTT 5.
import { createInterface } from 'node:readline'
import mqtt from 'mqtt'

const [task, url, version, ...rest] = process.argv.slice(2)
const five = version === '5'
const client = await mqtt.connectAsync(url, {
  protocolVersion: five ? 5 : 4,
  reconnectPeriod: 0,
  connectTimeout: 30000,
})

if (task === 'sub') {
  const [filter, count] = rest
  let left = Number(count)
  client.on('message', (topic, payload, { qos, properties }) => {
    const pairs = Object.entries(properties?.userProperties ?? {}).map((pair) => pair.join(':'))
    const type = properties?.contentType ?? ''
    console.log(`${qos} ${topic} ${payload.toString('hex')} ${type} ${pairs.join(' ')}`.trimEnd())
    left -= 1
    if (left === 0) client.end()
  })
  await client.subscribeAsync(filter, { qos: 2 })
} else {
  const [contentType, name, value] = rest
  const properties = five ? { contentType, userProperties: { [name]: value } } : undefined
  for await (const line of createInterface({ input: process.stdin })) {
    const [qos, topic, hex] = line.split(' ')
    await client.publishAsync(topic, Buffer.from(hex ?? '', 'hex'), { qos: Number(qos), properties })
  }
  await client.endAsync()
}

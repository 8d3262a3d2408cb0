import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A gateway of text messages that takes each key once, and forgets to answer the first time and every seventh. */
export async function openGateway() {
  const taken = new Map<string, string>()
  let calls = 0
  const server = createServer(async (request, response) => {
    let raw = ''
    for await (const chunk of request) raw += String(chunk)
    const { out_id, content, phone } = JSON.parse(raw)
    taken.set(`${phone} ${out_id}`, content)
    if (calls++ % 7 === 0) return void request.socket.destroy()
    response.end(JSON.stringify({ code: 'OK' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    taken,
    calls: () => calls,
    /** of the channel `sms`, below `gateway` */
    settings: { url, body: { phone: '{phone}', content: '{text}', out_id: '{key}' }, success: { path: 'code', equals: 'OK' } },
    close: () => server.close(),
  }
}

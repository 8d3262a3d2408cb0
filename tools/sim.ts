// npm run sim: the WeChat platform on this machine, and a page to play a citizen in it. Needs no approval and no account.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Fault, openWechat } from './simwechat.ts'

const settings = {
  appId: 'wx0000000000000000',
  secret: 'simulated-secret',
  token: 'simulated_token',
  mode: 'safe',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
} as const
const office = process.argv[2] ?? 'http://127.0.0.1:3000'
const platformPort = 4010
const pagePort = 4011
const file = 'data/sim.channels.yaml'
const openid = 'o_simulated_citizen'

const faults: Readonly<Record<string, Fault>> = {
  '500': { kind: 'status', status: 500 },
  次数用完: { kind: 'code', code: 45047 },
  超过48小时: { kind: 'code', code: 45015 },
  回应丢失: { kind: 'lost' },
}

const page = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>模拟微信</title>
<style>body{font:16px sans-serif;max-width:30em;margin:1em auto}p{white-space:pre-wrap;background:#eee;padding:.5em;border-radius:.5em}input{width:70%;font:inherit}</style>
<h1>模拟微信（服务号）</h1><div id="screen"></div><form><input autofocus aria-label="要说的话"> <button>发送</button></form>
<p id="trouble"></p><div>${['关注', '取消关注', '重复推送三次', '令牌失效', ...Object.keys(faults)].map((name) => `<button type="button">${name}</button>`).join(' ')}</div>
<script>
const post = (body) => fetch('/', { method: 'POST', body: JSON.stringify(body) })
const input = document.querySelector('input')
document.querySelector('form').onsubmit = (event) => { event.preventDefault(); if (input.value) post({ say: input.value }); input.value = '' }
for (const button of document.querySelectorAll('div button')) button.onclick = () => post({ press: button.textContent, say: input.value })
setInterval(async () => {
  const { screen, troubles } = await (await fetch('/state')).json()
  document.querySelector('#screen').replaceChildren(...screen.map((text) => Object.assign(document.createElement('p'), { textContent: text })))
  document.querySelector('#trouble').textContent = troubles.join('\\n')
}, 500)
</script></html>`

const wechat = await openWechat(() => ({ ...settings, hook: `${office}/api/channels/wechat` }), Date.now, platformPort)

async function act({ say, press }: { readonly say?: string; readonly press?: string }): Promise<void> {
  const fault = press === undefined ? undefined : faults[press]
  if (fault) wechat.faults.push(fault)
  else if (press === '关注') await wechat.follow(openid)
  else if (press === '取消关注') await wechat.unfollow(openid)
  else if (press === '令牌失效') wechat.endToken()
  else if (say) await wechat.say(openid, say, { overlapping: press === '重复推送三次' })
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/state') return void response.end(JSON.stringify({ screen: wechat.screen(openid), troubles: wechat.troubles }))
  if (request.method !== 'POST') return void response.setHeader('content-type', 'text/html').end(page)
  let body = ''
  for await (const chunk of request) body += String(chunk)
  response.end()
  await act(JSON.parse(body))
}

createServer((request, response) => {
  answer(request, response).catch((fault: unknown) => wechat.troubles.push(String(fault)))
}).listen(pagePort, '127.0.0.1')
mkdirSync('data', { recursive: true })
writeFileSync(file, JSON.stringify({ wechat: { ...settings, apiBase: wechat.url } }, null, 2))
process.stdout.write(`模拟微信  http://127.0.0.1:${pagePort}/\n办得成要这样启动：CHANNELS_FILE=${file} npm start\n`)

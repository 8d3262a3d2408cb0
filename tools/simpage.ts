// The page of npm run sim: three screens side by side, and under each what the platform can be made to do wrong.
import type { Fault } from './simwechat.ts'

export const faultButtons: Readonly<Record<string, Fault>> = {
  平台500: { kind: 'status', status: 500 },
  次数用完: { kind: 'code', code: 45047 },
  超过48小时: { kind: 'code', code: 45015 },
  回应丢失: { kind: 'lost' },
}

const titles: Readonly<Record<string, string>> = { wechat: '微信服务号', kf: '微信客服', sms: '手机短信' }

const style = `body{font:16px sans-serif;margin:0;background:#f4f5f7;color:#222}h1{font-size:18px;margin:12px 16px}
main{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:12px;padding:0 12px 12px}
section{background:#fff;border-radius:8px;padding:12px;display:flex;flex-direction:column}h2{font-size:16px;margin:0 0 8px}
.screen{height:52vh;overflow:auto;background:#ededed;border-radius:6px;padding:8px}
.screen p{white-space:pre-wrap;word-break:break-word;background:#fff;padding:8px;border-radius:6px;margin:0 0 8px}
.screen .mine{background:#a9ea7a;margin-left:20%}.screen button{display:block;width:100%;margin:4px 0;text-align:left}
form{display:flex;gap:6px;margin:8px 0}input{flex:1;min-width:0;font:inherit;padding:6px}
button{font:inherit;font-size:14px;padding:5px 8px;margin:0 4px 4px 0;cursor:pointer}.trouble{color:#b00020;font-size:13px;white-space:pre-wrap}`

const script = `
const said = {}, seen = {}
const post = (body) => fetch('/', { method: 'POST', body: JSON.stringify(body) })
for (const section of document.querySelectorAll('section')) {
  const on = section.id, input = section.querySelector('input')
  said[on] = []
  const say = (press) => { if (!input.value) return; said[on].push({ after: seen[on] || 0, text: input.value }); post({ on, say: input.value, press }); input.value = '' }
  section.querySelector('form').onsubmit = (event) => { event.preventDefault(); say() }
  for (const button of section.querySelectorAll('.press button')) button.onclick = () => button.textContent === '重复推送三次' ? say(button.textContent) : post({ on, press: button.textContent })
}
const bubble = (text, mine) => Object.assign(document.createElement('p'), { textContent: text, className: mine ? 'mine' : '' })
setInterval(async () => {
  const state = await (await fetch('/state')).json()
  for (const [on, { screen, troubles }] of Object.entries(state)) {
    const section = document.getElementById(on), box = section.querySelector('.screen')
    const mine = (place) => said[on].filter((one) => one.after === place).map((one) => bubble(one.text, true))
    const key = screen.length + ':' + said[on].length
    section.querySelector('.trouble').textContent = troubles.slice(-3).join('\\n')
    if (box.dataset.key === key) continue
    box.dataset.key = key
    seen[on] = screen.length
    box.replaceChildren(...mine(0), ...screen.flatMap(({ text, menu }, place) => [bubble(text), ...menu.map((item) => {
      const button = Object.assign(document.createElement('button'), { textContent: item })
      button.onclick = () => { said[on].push({ after: seen[on], text: item }); post({ on, tap: item }) }
      return button
    }), ...mine(place + 1)]))
    box.scrollTop = box.scrollHeight
  }
}, 500)`

/** `buttons`: what can be pressed on each platform besides the faults that all have. */
export function page(buttons: Readonly<Record<string, readonly string[]>>, phone: string): string {
  const sections = Object.entries(buttons).map(([name, own]) => {
    const all = [...own, '重复推送三次', ...Object.keys(faultButtons)].map((label) => `<button type="button">${label}</button>`).join('')
    const title = name === 'sms' ? `${titles[name]}（${phone}）` : titles[name]
    return `<section id="${name}"><h2>${title}</h2><div class="screen"></div><form><input aria-label="要说的话" placeholder="以市民身份说一句"><button>发送</button></form><div class="press">${all}</div><p class="trouble"></p></section>`
  })
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>模拟平台</title><style>${style}</style>
<h1>扮演市民：模拟的微信、微信客服和手机短信</h1><main>${sections.join('')}</main><script>${script}</script></html>`
}

// The page of npm run sim: the screens side by side, and under each what the platform can be made to do wrong.
import type { Fault, Spoil } from './simfaults.ts'

/** What the next call of the office meets, on every platform. */
const faults: Readonly<Record<string, Fault>> = {
  平台500: { kind: 'status', status: 500 },
  平台不回应: { kind: 'hang' },
  回应丢失: { kind: 'lost' },
  令牌失效: { kind: 'token' },
}

/** The platforms' own codes by what they mean. */
const codeNames: Readonly<Record<string, string>> = {
  busy: '平台忙',
  perMinute: '每分钟太多',
  limited: '调用太多',
  spent: '次数用完',
  closed: '超过48小时',
  elsewhere: '会话在人工',
  unfollowed: '答未关注',
  refused: '黑名单',
  barred: '接口被收回',
  address: 'IP不在名单',
  groupBusy: '群消息太快',
  groupBarred: '群机器人验签不过',
}

const spoilNames: Readonly<Record<Spoil, string>> = {
  forged: '冒名推送',
  stale: '过时的推送',
  huge: '1MB的推送',
  doctype: '带DOCTYPE',
  bomb: '实体炸弹',
  skewed: '平台的钟快9分钟',
  replayed: '被窃听重放',
  tripled: '重复推送三次',
  reordered: '晚一条才到',
  dropped: '推送丢失',
}

/** What can be made to go wrong on a platform, by the words of its buttons. */
export function troublesOf(
  codes: Readonly<Record<string, number | string>>,
  spoils: readonly Spoil[],
): Readonly<Record<string, { readonly fault: Fault } | { readonly spoil: Spoil }>> {
  const coded = Object.entries(codes).map(([name, code]) => [codeNames[name] ?? name, { fault: { kind: 'code', code } as const }] as const)
  return Object.fromEntries([
    ...Object.entries(faults).map(([name, fault]) => [name, { fault }] as const),
    ...coded,
    ...spoils.map((spoil) => [spoilNames[spoil], { spoil }] as const),
  ])
}

const titles: Readonly<Record<string, string>> = {
  wechat: '微信服务号',
  kf: '微信客服',
  sms: '手机短信',
  dingtalk: '工作人员的钉钉',
  wecom: '工作人员的企业微信',
}

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
  const say = () => { if (!input.value) return; said[on].push({ after: seen[on] || 0, text: input.value }); post({ on, say: input.value }); input.value = '' }
  section.querySelector('form').onsubmit = (event) => { event.preventDefault(); say() }
  for (const button of section.querySelectorAll('.press button')) button.onclick = () => post({ on, press: button.textContent })
}
const bubble = (text, mine) => Object.assign(document.createElement('p'), { textContent: text, className: mine ? 'mine' : '' })
setInterval(async () => {
  const state = await (await fetch('/state')).json()
  for (const [on, { screen, troubles }] of Object.entries(state)) {
    const section = document.getElementById(on), box = section.querySelector('.screen')
    const mine = (place) => said[on].filter((one) => one.after === place).map((one) => bubble(one.text, true))
    const key = JSON.stringify(screen) + said[on].length
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

export type Buttons = { readonly own: readonly string[]; readonly troubles: readonly string[] }

/** `own`: what the citizen does; `troubles`: what befalls the next message. */
export function page(buttons: Readonly<Record<string, Buttons>>, phone: string): string {
  const drawn = (labels: readonly string[]): string => labels.map((label) => `<button type="button">${label}</button>`).join('')
  const sections = Object.entries(buttons).map(([name, { own, troubles }]) => {
    const title = name === 'sms' ? `${titles[name]}（${phone}）` : titles[name]
    const who = name === 'dingtalk' || name === 'wecom' ? '以工作人员身份说一句，如：绑定 12345678' : '以市民身份说一句'
    return `<section id="${name}"><h2>${title}</h2><div class="screen"></div><form><input aria-label="要说的话" placeholder="${who}"><button>发送</button></form><div class="press">${drawn(own)}<details><summary>让平台出故障</summary>${drawn(troubles)}</details></div><p class="trouble"></p></section>`
  })
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>模拟平台</title><style>${style}</style>
<h1>扮演市民和工作人员：模拟的微信、微信客服、手机短信、钉钉、企业微信</h1><main>${sections.join('')}</main><script>${script}</script></html>`
}

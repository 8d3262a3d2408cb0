// npm run sim: WeChat, 微信客服, a vendor of text messages, DingTalk and WeCom on this machine, and a page to play a citizen and a member of staff in
// them. No approval, no account.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { dingtalkCodes, openDingtalk } from './simdingtalk.ts'
import { spoils } from './simfaults.ts'
import { kfCodes, openKf } from './simkf.ts'
import { page, troublesOf } from './simpage.ts'
import { openSms, smsCodes } from './simsms.ts'
import { openWechat, wechatCodes } from './simwechat.ts'
import { openWecom, wecomCodes } from './simwecom.ts'

const office = process.argv[2] ?? 'http://127.0.0.1:3000'
const first = Number(process.argv[3] ?? 4010)
const ports = { wechat: first, page: first + 1, kf: first + 2, sms: first + 3, dingtalk: first + 4, wecom: first + 5 } as const
const file = 'data/sim.channels.yaml'
const [openid, user, phone, staff] = ['o_simulated_citizen', 'wm_simulated_citizen', '13800000000', 'simulated_staff']
const aesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const hookSecret = 'simulated-secret-of-the-hook'
const forms = { subscribe: 'simulated-subscribe-form', template: 'simulated-template-form' } as const
const hole = (name: string): string => `$\{${name}}`

const wechatSettings = { appId: 'wx0000000000000000', secret: 'simulated-secret', token: 'simulated_token', mode: 'safe', encodingAesKey: aesKey } as const
const kfSettings = { corpId: 'ww0000000000000000', secret: 'simulated-secret', token: 'simulatedToken', encodingAesKey: aesKey } as const
const smsSettings = { vendor: 'aliyun', id: 'simulated-id', secret: 'simulated-secret', signName: '模拟签名', appId: '1', longest: { SMS_reply: 300 } } as const
const smsTemplates = {
  SMS_news: `您反映的${hole('number')}：${hole('text')}。回复CX看详情，TD退订。`,
  SMS_survey: `您反映的${hole('matter')}（${hole('number')}）已答复。办成了吗？回1办成，2办成一部分，3没办成，4没办成但讲清了。`,
  SMS_reply: hole('text'),
} as const

const wechat = await openWechat(() => ({ ...wechatSettings, hook: `${office}/api/channels/wechat` }), Date.now, ports.wechat)
const kf = await openKf(() => ({ ...kfSettings, servicers: ['SimulatedAgent'], hook: `${office}/api/channels/kf` }), Date.now, ports.kf)
const sms = await openSms(() => ({ ...smsSettings, templates: smsTemplates, hook: `${office}/api/channels/sms/${hookSecret}` }), Date.now, ports.sms)
const dingtalkApp = { clientId: 'simulated-client', clientSecret: 'simulated-secret', robotCode: 'simulated-robot' } as const
const dingtalkGroup = { token: 'simulated-token-of-the-group', secret: 'SECsimulated' } as const
const wecomSettings = { corpId: 'ww0000000000000000', secret: 'simulated-app', agentId: 1000002, token: 'simulatedToken', encodingAesKey: aesKey } as const
const dingtalk = await openDingtalk(() => ({ app: dingtalkApp, group: dingtalkGroup, people: [staff] }), Date.now, ports.dingtalk)
const wecom = await openWecom(() => ({ ...wecomSettings, hook: `${office}/api/channels/wecom`, people: [staff] }), Date.now, ports.wecom)
for (const id of Object.values(forms)) wechat.grant(id)

type Act = { readonly on: string; readonly say?: string; readonly press?: string; readonly tap?: string }
type Platform = { readonly say: (text: string) => Promise<void>; readonly press: Readonly<Record<string, () => unknown>> }

const platforms: Readonly<Record<string, Platform>> = {
  wechat: {
    say: (text) => wechat.say(openid, text),
    press: {
      关注: () => wechat.follow(openid),
      取消关注: () => wechat.unfollow(openid),
      '菜单：我要反映': () => wechat.press(openid, 'door:cannot'),
      '菜单：查进度': () => wechat.press(openid, 'door:progress'),
      '菜单：找人工': () => wechat.press(openid, 'human'),
      订阅一次通知: () => wechat.consent(openid, forms.subscribe),
      拒绝订阅: () => wechat.consent(openid, forms.subscribe, false),
      拒收模板消息: () => wechat.block(openid),
      回告送达结果: () => wechat.finishForms(true),
    },
  },
  kf: {
    say: (text) => kf.say(user, text),
    press: {
      进入会话: () => kf.enter(user),
      客服结束会话: () => kf.agentEnds(user),
      拒收: () => kf.block(user),
      空页在前: () => kf.pages(1, 2),
    },
  },
  sms: {
    say: (text) => sms.reply(phone, text),
    press: { 推送回执: () => sms.reports(), '回执推三次（倒序）': () => sms.reports(3, true), 关机: () => sms.switchOff(phone) },
  },
  dingtalk: {
    say: (text) => dingtalk.say(staff, text),
    press: {
      点最后一个签收: () => dingtalk.tap(staff),
      点三次: () => dingtalk.tap(staff, 3),
      断开长连接: () => dingtalk.cut(),
      离职: () => dingtalk.leave(staff),
    },
  },
  wecom: {
    say: (text) => wecom.say(staff, text),
    press: { 点最后一个签收: () => wecom.tap(staff), 点三次: () => wecom.tap(staff, 3), 离职: () => wecom.leave(staff) },
  },
}
const unsigned = spoils.filter((spoil) => spoil !== 'stale' && spoil !== 'skewed')
const overConnection = unsigned.filter((spoil) => ['replayed', 'tripled', 'reordered', 'dropped'].includes(spoil))
const troubles = {
  wechat: troublesOf(wechatCodes, spoils),
  kf: troublesOf(kfCodes, spoils),
  sms: troublesOf(smsCodes.aliyun, unsigned),
  dingtalk: troublesOf(dingtalkCodes, overConnection),
  wecom: troublesOf(wecomCodes, spoils),
} as const
const sims = { wechat, kf, sms, dingtalk, wecom } as const
const isSim = (name: string): name is keyof typeof sims => Object.hasOwn(sims, name)
setInterval(() => {
  void sms.tick()
  dingtalk.tick()
}, 1_000)

async function act({ on, say, press, tap }: Act): Promise<void> {
  const platform = platforms[on]
  if (!platform || !isSim(on)) return
  const trouble = press === undefined ? undefined : troubles[on][press]
  if (trouble && 'fault' in trouble) sims[on].faults.push(trouble.fault)
  else if (trouble) sims[on].spoils.push(trouble.spoil)
  else if (press !== undefined && Object.hasOwn(platform.press, press)) await platform.press[press]?.()
  else if (tap) await kf.tap(user, tap)
  else if (say) await platform.say(say)
}

const state = (): object => ({
  wechat: { screen: wechat.screen(openid).map((text) => ({ text, menu: [] })), troubles: wechat.troubles },
  kf: { screen: kf.screen(user).map(({ text, menu }) => ({ text, menu: menu.map((item) => item.content) })), troubles: kf.troubles },
  dingtalk: { screen: [...dingtalk.screen(staff), ...dingtalk.group()].map((text) => ({ text, menu: [] })), troubles: dingtalk.troubles },
  wecom: {
    screen: wecom.screen(staff).map(({ text, button }) => ({ text: button === undefined ? text : `${text}\n〔${button}〕`, menu: [] })),
    troubles: wecom.troubles,
  },
  sms: { screen: sms.phone(phone).map((text) => ({ text, menu: [] })), troubles: sms.troubles },
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/state') return void response.end(JSON.stringify(state()))
  const buttons = Object.fromEntries(
    Object.entries(platforms).map(([name, { press }]) => [name, { own: Object.keys(press), troubles: isSim(name) ? Object.keys(troubles[name]) : [] }]),
  )
  if (request.method !== 'POST') return void response.setHeader('content-type', 'text/html').end(page(buttons, phone))
  let body = ''
  for await (const chunk of request) body += String(chunk)
  response.end()
  await act(JSON.parse(body))
}

createServer((request, response) => {
  answer(request, response).catch((fault: unknown) => wechat.troubles.push(String(fault)))
}).listen(ports.page, '127.0.0.1')

const data = { character_string1: '{number}', thing2: '{matter}', thing3: '{text}', time4: '{time}' }
const notices = { subscribe: { id: forms.subscribe, data }, template: { id: forms.template, data } }
const templates = {
  news: { id: 'SMS_news', params: { number: '{number}', text: '{text}' } },
  survey: { id: 'SMS_survey', params: { matter: '{matter}', number: '{number}' } },
  reply: { id: 'SMS_reply', params: { text: '{text}' }, longest: 300 },
}
const { id: accessKeyId, secret: accessKeySecret, signName } = smsSettings
mkdirSync('data', { recursive: true })
writeFileSync(
  file,
  JSON.stringify(
    {
      wechat: { ...wechatSettings, notices, apiBase: wechat.url },
      kf: { ...kfSettings, servicers: { agent: 'SimulatedAgent' }, apiBase: kf.url },
      dingtalk: { app: dingtalkApp, group: dingtalkGroup, apiBase: dingtalk.url, robotBase: dingtalk.url },
      wecom: { ...wecomSettings, apiBase: wecom.url },
      sms: { secret: hookSecret, aliyun: { accessKeyId, accessKeySecret, signName, templates, apiBase: sms.url } },
    },
    null,
    2,
  ),
)
process.stdout.write(
  `模拟微信、微信客服、手机短信，和工作人员的钉钉、企业微信  http://127.0.0.1:${ports.page}/\n办得成要这样启动：CHANNELS_FILE=${file} npm start\n`,
)

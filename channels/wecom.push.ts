import { createHash } from 'node:crypto'
import { z } from 'zod'
import { ChannelError, type HttpRequest, type Instant, type Wire } from './contract.ts'
import type { Call, PushSpec, StaffReceipt, StaffWords } from './push.ts'
import { callWecom } from './wecomapi.ts'
import { openCallback } from './wecomcallback.ts'
import { readXml } from './xml.ts'

const configSchema = z
  .strictObject({
    corpId: z.string().regex(/^w[wx]\w{16}$/),
    agentId: z.coerce.number().int().positive(),
    secret: z.string().min(1),
    /** both together: the app's 接收消息, without which nobody can sign by a tap */
    token: z
      .string()
      .regex(/^[A-Za-z0-9]{1,32}$/)
      .optional(),
    encodingAesKey: z
      .string()
      .regex(/^[A-Za-z0-9]{43}$/)
      .optional(),
    apiBase: z.url({ protocol: /^https?$/ }).default('https://qyapi.weixin.qq.com'),
  })
  .refine(({ token, encodingAesKey }) => (token === undefined) === (encodingAesKey === undefined), 'token and encodingAesKey go together')

export type WecomConfig = z.output<typeof configSchema>

/** The office's app in WeCom: https://developer.work.weixin.qq.com/document/path/90236, its buttons: …/path/94888 */
export const push: PushSpec<WecomConfig> = {
  name: 'wecom',
  parseConfig: (raw) => {
    const parsed = configSchema.safeParse(raw)
    if (parsed.success) return parsed.data
    throw new Error(parsed.error.issues.map((issue) => `wecom.${issue.path.join('.')}: ${issue.message}`).join('; '))
  },
  ways: ({ token }) => ({ person: true, hears: token !== undefined }),
  send: async (to, call, key, config, wire, code) => {
    if (to.kind === 'group') throw new ChannelError('refused', 'no group is set up')
    if (code !== undefined) return changeCard(to.id, call, code, config, wire)
    const { agentId: agentid, token } = config
    const content = token !== undefined && call.sign ? buttonCard(call, key) : textCard(call)
    // Whatever is sent again within half an hour, because the answer was lost, the platform shows once.
    const body = { touser: to.id, agentid, ...content, enable_duplicate_check: 1, duplicate_check_interval: 1800 }
    const { invaliduser } = await callWecom('/cgi-bin/message/send', body, config, wire)
    if (typeof invaliduser === 'string' && invaliduser.split('|').includes(to.id)) throw new ChannelError('refused', 'platform knows no such person')
  },
  receive,
}

const textCard = ({ title, lines, link }: Call): object =>
  link
    ? { msgtype: 'textcard', textcard: { title, description: lines.join('\n'), url: link.url, btntxt: link.text } }
    : { msgtype: 'text', text: { content: [title, ...lines].join('\n') } }

/** `task_id` names the card within the app: the same call has the same one. */
const buttonCard = ({ title, lines, link, sign }: Call, key: string): object => ({
  msgtype: 'template_card',
  template_card: {
    card_type: 'button_interaction',
    main_title: { title },
    sub_title_text: lines.join('\n'),
    ...(link ? { card_action: { type: 1, url: link.url } } : {}),
    task_id: createHash('sha256').update(key).digest('hex').slice(0, 48),
    button_list: sign ? [{ text: sign.text, style: 1, key: sign.words }] : [],
  },
})

/** The button that was tapped goes grey and says what came of it. */
async function changeCard(userId: string, call: Call, response_code: string, config: WecomConfig, wire: Wire): Promise<void> {
  const body = { userids: [userId], agentid: config.agentId, response_code, button: { replace_name: call.title } }
  await callWecom('/cgi-bin/message/update_template_card', body, config, wire)
}

function receive(request: HttpRequest, { corpId, token, encodingAesKey }: WecomConfig, now: Instant): StaffReceipt {
  if (token === undefined || encodingAesKey === undefined) throw new ChannelError('forged', 'nothing is expected here')
  const opened = openCallback(request, { corpId, token, encodingAesKey }, now)
  // An empty body is taken as heard: https://developer.work.weixin.qq.com/document/path/90238
  const ack = { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: request.method === 'GET' ? opened : '' }
  return { said: request.method === 'GET' ? [] : saidIn(readXml(opened)), ack }
}

/** Words by MsgId; a tap has none, and is known by who tapped which card and when. */
function saidIn(fields: Readonly<Record<string, unknown>>): readonly StaffWords[] {
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name].slice(0, 2_000) : '')
  const from = text('FromUserName')
  if (!/^[\w.@-]{1,64}$/.test(from)) throw new ChannelError('malformed', 'push names no person')
  if (text('MsgType') === 'text') return [{ externalId: text('MsgId'), from, text: text('Content') }]
  if (text('MsgType') !== 'event' || text('Event') !== 'template_card_event') return []
  const externalId = `tap:${from}:${text('TaskId')}:${text('CreateTime')}`
  return [{ externalId, from, text: text('EventKey'), ...(text('ResponseCode') ? { code: text('ResponseCode') } : {}) }]
}

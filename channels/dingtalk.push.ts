import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { ChannelError, type ChannelErrorCode, type Wire } from './contract.ts'
import { callDingtalk } from './dingtalkapi.ts'
import { readFrame, streamAddress } from './dingtalkstream.ts'
import { postJson } from './platform.ts'
import type { Call, PushSpec } from './push.ts'

const configSchema = z
  .strictObject({
    /** the robot of a group, by its signed webhook */
    group: z.strictObject({ token: z.string().min(16), secret: z.string().min(8) }).optional(),
    /** the office's own app, whose robot writes to single persons */
    app: z
      .strictObject({ clientId: z.string().min(1), clientSecret: z.string().min(1), robotCode: z.string().min(1), stream: z.boolean().default(true) })
      .optional(),
    apiBase: z.url({ protocol: /^https?$/ }).default('https://api.dingtalk.com'),
    robotBase: z.url({ protocol: /^https?$/ }).default('https://oapi.dingtalk.com'),
  })
  .refine(({ group, app }) => group || app, 'needs group, app, or both')

export type DingtalkConfig = z.output<typeof configSchema>

/** https://open.dingtalk.com/document/orgapp/custom-robot-access */
const perMinute = 20

/** DingTalk: a robot in a group and a robot that writes to each; what they answer comes over a connection that we open (Stream mode). */
export const push: PushSpec<DingtalkConfig> = {
  name: 'dingtalk',
  parseConfig: (raw) => {
    const parsed = configSchema.safeParse(raw)
    if (parsed.success) return parsed.data
    throw new Error(parsed.error.issues.map((issue) => `dingtalk.${issue.path.join('.')}: ${issue.message}`).join('; '))
  },
  ways: ({ group, app }) => ({ person: app !== undefined, ...(group ? { group: { perMinute } } : {}), hears: app?.stream === true }),
  send: async (to, call, _key, config, wire) => {
    if (to.kind === 'group') return sendToGroup(call, config, wire)
    if (!config.app) throw new ChannelError('refused', 'no app is set up for single persons')
    const { robotCode } = config.app
    const msgParam = JSON.stringify({ title: call.title, text: markdown(call, config.app.stream) })
    const body = { robotCode, userIds: [to.id], msgKey: 'sampleMarkdown', msgParam }
    const answer = await callDingtalk('/v1.0/robot/oToMessages/batchSend', body, { ...config.app, apiBase: config.apiBase }, wire)
    const holds = (name: string): boolean => Array.isArray(answer[name]) && answer[name].includes(to.id)
    if (holds('invalidStaffIdList')) throw new ChannelError('refused', 'platform knows no such person')
    if (holds('flowControlledStaffIdList')) throw new ChannelError('busy', 'platform takes no more messages to this person now')
  },
  stream: ({ app, apiBase }) => (app?.stream ? { open: (wire) => streamAddress({ ...app, apiBase }, wire), read: readFrame } : undefined),
}

/** A link of this kind lets whoever taps it say the words to the robot, in their own name. */
const sayLink = (words: string): string => `dtmd://dingtalkclient/sendMessage?content=${encodeURIComponent(words)}`

const markdown = ({ title, lines, link, sign }: Call, hears: boolean): string =>
  [`### ${title}`, ...lines, ...(sign && hears ? [`[【${sign.text}】](${sayLink(sign.words)})`] : []), ...(link ? [`[${link.text}](${link.url})`] : [])].join(
    '\n\n',
  )

/** What happens next; a code that is not here is a fault of the settings, for the message itself is always of the same make. */
const groupMeanings: Readonly<Record<number, ChannelErrorCode>> = { [-1]: 'busy', 130101: 'busy', 410100: 'busy' }

async function sendToGroup(call: Call, { group, robotBase }: DingtalkConfig, wire: Wire): Promise<void> {
  if (!group) throw new ChannelError('refused', 'no group is set up')
  const timestamp = String(wire.now())
  const query = new URLSearchParams({ access_token: group.token, timestamp, sign: robotSignature(timestamp, group.secret) })
  const text = markdown({ title: call.title, lines: call.lines }, false)
  const { title, link } = call
  const body = link
    ? { msgtype: 'actionCard', actionCard: { title, text, singleTitle: link.text, singleURL: link.url } }
    : { msgtype: 'markdown', markdown: { title, text } }
  const { errcode } = await postJson(`${robotBase}/robot/send?${query}`, body, wire)
  if (errcode !== 0) throw new ChannelError(groupMeanings[Number(errcode)] ?? 'barred', `platform answered ${errcode}`)
}

/** `timestamp` in milliseconds; the platform takes it for an hour. */
export const robotSignature = (timestamp: string, secret: string): string => createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')

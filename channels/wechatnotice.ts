import { createHash } from 'node:crypto'
import { z } from 'zod'
import { ChannelError, type Form, type News, type Person, type Sent, type Wire } from './contract.ts'
import { filledForm } from './form.ts'
import { type Account, callWechat } from './wechatapi.ts'

/** A form as it was granted to the account: what stands in its fields; {number}, {matter}, {text} and {time} are filled in. */
export const form = z.strictObject({
  id: z.string().min(10).max(100),
  url: z.url({ protocol: /^https?$/ }).optional(),
  data: z.record(z.string().regex(/^[a-z_]+\d*$/), z.string().min(1)),
})
type Granted = z.output<typeof form>
type Notices = { readonly subscribe?: Granted | undefined; readonly template?: Granted | undefined }

/** Characters that a field of each kind takes; a longer value has the whole message refused (47003). */
const longest: Readonly<Record<string, number>> = { thing: 20, character_string: 32, phrase: 5, name: 10, const: 20 }

/** First the notice that the citizen subscribed to, then the template; neither is bound to the 48 hours. */
export function formsOf(account: Account & { readonly notices: Notices }): readonly Form[] {
  const { subscribe, template } = account.notices
  return [
    ...(subscribe ? [{ id: subscribe.id, send: (to: Person, news: News, _key: string, wire: Wire) => subscribed(subscribe, to, news, account, wire) }] : []),
    ...(template ? [{ id: template.id, send: (to: Person, news: News, key: string, wire: Wire) => templated(template, to, news, key, account, wire) }] : []),
  ]
}

/**
 * A consent is good for one message, and the answer to the sending does not name it: the event that tells its fate does, with person and form.
 * https://developers.weixin.qq.com/doc/service/guide/product/subscription_messages/push.html
 */
async function subscribed(granted: Granted, to: Person, news: News, account: Account, wire: Wire): Promise<Sent> {
  const body = { touser: to.id, template_id: granted.id, ...(granted.url ? { page: granted.url } : {}), data: filled(granted, news) }
  const externalId = noticeId(granted.id, to.id)
  try {
    const { msgid } = await callWechat('/cgi-bin/message/subscribe/bizsend', body, account, wire)
    return { externalId: idOf(msgid) ?? externalId }
  } catch (fault) {
    if (fault instanceof ChannelError && fault.code === 'unreachable') return { externalId, unsure: true }
    throw fault
  }
}

/** What a subscribed notice is called as long as the platform has not named it. */
export const noticeId = (form: string, openid: string): string => `${form}:${openid}`

async function templated(granted: Granted, to: Person, news: News, key: string, account: Account, wire: Wire): Promise<Sent> {
  const body = { touser: to.id, template_id: granted.id, url: granted.url, client_msg_id: dedupe(key), data: filled(granted, news) }
  const { msgid } = await callWechat('/cgi-bin/message/template/send', body, account, wire)
  const externalId = idOf(msgid)
  return externalId === undefined ? {} : { externalId }
}

const idOf = (msgid: unknown): string | undefined => (typeof msgid === 'number' || typeof msgid === 'string' ? String(msgid) : undefined)

/** The platform passes over a second message under one id for ten minutes. */
const dedupe = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 32)

const filled = ({ data }: Granted, news: News): Record<string, { value: string }> =>
  Object.fromEntries(
    Object.entries(filledForm(data, news, (field) => longest[field.replace(/\d+$/, '')] ?? Number.POSITIVE_INFINITY)).map(([field, value]) => [
      field,
      { value },
    ]),
  )

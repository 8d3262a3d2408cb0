import { createHash } from 'node:crypto'
import { z } from 'zod'
import { ChannelError, type News, type Person, type Sent, type Wire } from './contract.ts'
import { type Account, callWechat } from './wechatapi.ts'

/** A form as it was granted to the account: what stands in its fields; {number}, {matter}, {text} and {time} are filled in. */
export const form = z.strictObject({
  id: z.string().min(10).max(100),
  url: z.url({ protocol: /^https?$/ }).optional(),
  data: z.record(z.string().regex(/^[a-z_]+\d*$/), z.string().min(1)),
})
type Form = z.output<typeof form>
type Forms = { readonly subscribe?: Form | undefined; readonly template?: Form | undefined }

/** Characters that a field of each kind takes; a longer value has the whole message refused (47003). */
const longest: Readonly<Record<string, number>> = { thing: 20, character_string: 32, phrase: 5, name: 10, const: 20 }

type Notify = (to: Person, news: News, key: string, wire: Wire) => Promise<Sent>

/** First the notice that the citizen subscribed to, then the template; neither is bound to the 48 hours. */
export function notifier(account: Account & { readonly notices: Forms }): Notify | undefined {
  const { subscribe, template } = account.notices
  if (!subscribe && !template) return undefined
  return async (to, news, key, wire) => {
    if (subscribe) {
      try {
        const body = { touser: to.id, template_id: subscribe.id, ...(subscribe.url ? { page: subscribe.url } : {}), data: filled(subscribe, news) }
        await callWechat('/cgi-bin/message/subscribe/bizsend', body, account, wire)
        return {}
      } catch (fault) {
        // Not subscribed, or the one message of the consent is used up: the template may still go.
        if (!template || !(fault instanceof ChannelError) || fault.code !== 'refused') throw fault
      }
    }
    if (!template) throw new ChannelError('refused', 'no form is left')
    const body = { touser: to.id, template_id: template.id, url: template.url, client_msg_id: dedupe(key), data: filled(template, news) }
    const { msgid } = await callWechat('/cgi-bin/message/template/send', body, account, wire)
    return typeof msgid === 'number' || typeof msgid === 'string' ? { externalId: String(msgid) } : {}
  }
}

/** The platform passes over a second message under one id for ten minutes. */
const dedupe = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 32)

function filled({ data }: Form, news: News): Record<string, { value: string }> {
  const values: Readonly<Record<string, string>> = { number: news.number, matter: news.matter, text: news.text, time: timeOf(news.at) }
  const value = (field: string, pattern: string): string => {
    const whole = pattern.replace(/\{(number|matter|text|time)\}/g, (_all, name: string) => values[name] ?? '').replace(/\s+/g, ' ')
    const most = longest[field.replace(/\d+$/, '')]
    const characters = [...whole]
    return most === undefined || characters.length <= most ? whole : `${characters.slice(0, most - 1).join('')}…`
  }
  return Object.fromEntries(Object.entries(data).map(([field, pattern]) => [field, { value: value(field, pattern) }]))
}

/** Time of the Shanghai day, which has no summer time. */
const timeOf = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')

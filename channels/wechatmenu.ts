import { z } from 'zod'
import type { Wire } from './contract.ts'
import { type Account, callWechat } from './wechatapi.ts'

const name = z.string().min(1).max(16)
const button = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['click', 'scancode_push', 'scancode_waitmsg']), name, key: z.string().min(1).max(128) }),
  z.strictObject({ type: z.literal('view'), name, url: z.url({ protocol: /^https?$/ }).max(1024) }),
])

/** The buttons under the conversation, as the platform takes them: https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Creating_Custom-Defined_Menu.html */
export const menu = z
  .array(z.union([z.strictObject({ name, sub_button: z.array(button).min(1).max(5) }), button]))
  .min(1)
  .max(3)

/** Replaces the account's menu; citizens see the new one within a day. @throws ChannelError */
export async function createMenu(buttons: z.output<typeof menu> | undefined, account: Account, wire: Wire): Promise<void> {
  await callWechat('/cgi-bin/menu/create', { button: buttons }, account, wire)
}

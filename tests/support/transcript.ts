import { expect } from 'vitest'
import type { Command } from '../../casework/decision.ts'
import { type Desk, openDesk, staffActor, type World } from './desk.ts'

export type Transcript = { readonly title: string; readonly lines: readonly { readonly at: number; readonly key: string; readonly value: string }[] }

/**
 * A talk as text. `== title` begins one; then a line each:
 * 市民：words, or [a choice as shown], or {图片} · 小助：~says · 小助：!does not say · 小助：数≤N sentences · 结果：outcome · 意图：intent ·
 * 指南：id of the first guide (无 for none) · 工单：path=value, path~part, path!, 无 · 排队：是/否 · 时间：YYYY-MM-DD HH:MM · 换人 ·
 * 坐席在线：N · 窗口：答复 (staff work the case up to the reply) · 回访 (the survey's first question is sent).
 * {number} and {code} stand for those of the latest case.
 */
export function readTranscripts(text: string): readonly Transcript[] {
  const found: { title: string; lines: { at: number; key: string; value: string }[] }[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    if (line.startsWith('== ')) {
      found.push({ title: line.slice(3), lines: [] })
      continue
    }
    const [, key = line, value = ''] = /^([^：]+)：(.*)$/.exec(line) ?? []
    const current = found.at(-1)
    if (!current) throw new Error(`line ${index + 1} stands before the first title`)
    current.lines.push({ at: index + 1, key, value })
  }
  return found
}

export async function play(transcript: Transcript, world: World): Promise<void> {
  const desk = openDesk(world)
  const heard = { bot: '', outcome: '', intent: '', guide: '' }
  for (const { at, key, value: raw } of transcript.lines) {
    const value = raw.replaceAll('{number}', desk.ticket()?.number ?? '').replaceAll('{code}', desk.code() ?? '')
    const where = `line ${at} ${key}：${value}\n— the bot said: ${heard.bot}\n— case: ${JSON.stringify(desk.ticket()?.facts)}`
    if (key === '市民') {
      const { turn, bot } = await speak(desk, value)
      const choices = turn.replies.flatMap((reply) => reply.choices ?? []).map((choice) => `[${choice.text}]`)
      Object.assign(heard, { bot: [...bot, ...choices].join('\n'), outcome: turn.outcome, intent: turn.intent, guide: turn.guides[0]?.id ?? '无' })
      expect(bot.join(''), `${where} ${value}`).not.toMatch(/undefined|NaN|\[object/)
    } else if (key === '小助') checkWords(value, heard.bot, where)
    else if (key === '结果') expect(heard.outcome, where).toBe(value)
    else if (key === '意图') expect(heard.intent, where).toBe(value)
    else if (key === '指南') expect(heard.guide, where).toBe(value)
    else if (key === '工单') checkTicket(value, desk, where)
    else if (key === '排队') expect(desk.conversation().queuedAt !== undefined, where).toBe(value === '是')
    else direct(key, value, desk, heard)
  }
}

function speak(desk: Desk, words: string) {
  const media = /^\{(图片|语音|文件)\}$/.exec(words)?.[1]
  if (!media) return desk.say(words)
  const kinds = { 图片: 'image', 语音: 'voice', 文件: 'file' } as const
  return desk.send({ kind: 'media', media: kinds[media as keyof typeof kinds], ref: 'm1' })
}

function direct(key: string, value: string, desk: Desk, heard: { bot: string }): void {
  if (key === '时间') desk.set({ now: Date.parse(`${value.replace(' ', 'T')}:00+08:00`) })
  else if (key === '坐席在线') desk.set({ online: Number(value) })
  else if (key === '换人') desk.another()
  else if (key === '窗口') for (const command of upToReply) desk.staff(command, command.type === 'check' ? { ...staffActor, id: 's2' } : staffActor)
  else if (key === '回访') heard.bot = desk.callBack().text
  else throw new Error(`unknown line ${key}`)
}

const upToReply: readonly Command[] = [
  { type: 'triage', demandClass: 'clear', level: 1, cause: '材料缺失', lead: 'natural', reason: '材料可容缺' },
  { type: 'assign', note: '请当日联系' },
  { type: 'accept' },
  { type: 'contact', how: '电话', note: '已联系' },
  { type: 'resolve', result: 'done', text: '已办好' },
  { type: 'check', approved: true, note: '同意' },
  { type: 'reply', text: '请带身份证来取证', basis: '窗口服务协调', contact: '三号窗口' },
]

function checkWords(value: string, bot: string, where: string): void {
  const [mark, words] = [value[0], value.slice(1)]
  if (mark === '!') expect(bot, where).not.toContain(words)
  else if (value.startsWith('数≤')) expect(sentences(bot), where).toBeLessThanOrEqual(Number(value.slice(2)))
  else expect(bot, where).toContain(mark === '~' ? words : value)
}

function sentences(bot: string): number {
  const said = bot.split('\n').filter((line) => !line.startsWith('['))
  return said
    .join('')
    .split(/[。！？]+/)
    .filter(Boolean).length
}

function checkTicket(value: string, desk: Desk, where: string): void {
  const ticket = desk.ticket()
  if (value === '无') {
    expect(ticket, where).toBeUndefined()
    return
  }
  expect(ticket, where).toBeDefined()
  const [, path = '', sign = '', wanted = ''] = /^([\w.]+)([=~!])(.*)$/.exec(value) ?? []
  const found = path.split('.').reduce<unknown>((inside, key) => (inside as Record<string, unknown> | undefined)?.[key], ticket)
  const text = typeof found === 'string' ? found : found === undefined ? '' : JSON.stringify(found)
  if (sign === '=') expect(text, where).toBe(wanted)
  else if (sign === '~') expect(text, where).toContain(wanted)
  else if (wanted) expect(text, where).not.toContain(wanted)
  else expect(text, where).toBe('')
}

import { changeBy } from '../../api/changes.ts'
import { readConfig } from '../../api/config.ts'
import type { Shell } from '../../api/shell.ts'
import { type Opened, openShell } from '../../api/start.ts'
import type { Command } from '../../casework/decision.ts'
import type { Instant } from '../../casework/ticket.ts'
import { saveTickets, type TicketChange } from '../../prisma/tickets.ts'

/** 32 bytes; only for databases that are thrown away. */
export const benchKey = Buffer.alloc(32, 5).toString('base64')

export const openBench = (url: string, now: () => Instant): Promise<Opened> =>
  openShell(readConfig({ DATABASE_URL: url, DATA_KEY: benchKey, LOG_LEVEL: 'error' }), now)

const matters = ['不动产证', '营业执照', '居住证', '公积金提取', '医保异地备案', '社保转移', '食品经营许可', '施工许可', '低保申请', '驾驶证换证', '契税退税']
const troubles = ['说缺发票不给办', '网上提交不了', '两个窗口互相推', '等了两个月没有下文', '系统里查不到', '要单位盖章单位不给盖', '跑了三趟还是办不成']
const words = ['老房子', '孩子上学', '外地回来', '公司注销', '租房', '过户', '退休', '搬家', '生病', '结婚', '创业', '装修', '拆迁']
const pick = (all: readonly string[], place: number): string => all[place % all.length] ?? ''

const inOneGo = 500

/** Registers cases as the desk does, each with its journal, clock, timers and notices; only the writing is done together. Numbered from `since` up to `to`. */
export async function fillCases({ shell }: { readonly shell: Shell }, to: number, at: (serial: number) => Instant, since = 0): Promise<void> {
  const { office } = shell.knowledge.current()
  for (let from = since; from < to; from += inOneGo) {
    const changes: TicketChange[] = []
    for (let serial = from; serial < Math.min(to, from + inOneGo); serial++) {
      const changed = changeBy(undefined, registration(serial), { kind: 'bot' }, at(serial), office)
      if (!changed.ok) throw new Error(changed.refusal.detail)
      changes.push({ ...changed.change, code: '000000' })
    }
    await shell.db.write((sql) => saveTickets(sql, shell.cipher, changes))
  }
}

function registration(serial: number): Command {
  const matter = pick(matters, serial)
  const story = `${pick(words, Math.floor(serial / 7))}要办${matter}，${pick(troubles, Math.floor(serial / 11))}，${pick(words, Math.floor(serial / 3))}的事第${serial}号`
  return {
    type: 'register',
    id: `bench-${serial}`,
    number: `0000-20260601-${serial}`,
    channel: 'web',
    demand: 'cannot',
    urgent: false,
    facts: { name: '张某某', phone: `139${String(serial).padStart(8, '0')}`, matter, story, told: pick(troubles, serial), visits: serial % 5 },
    proposal: { demandClass: 'clear', level: 1, departments: ['natural'], flags: [], reasons: [], category: pick(words, serial) },
  }
}

import { dateOf } from '../casework/day.ts'
import type { Office } from '../casework/policy.ts'
import type { Instant } from '../casework/ticket.ts'
import type { Guide } from '../nlp/guide.ts'
import type { Aspect } from '../nlp/understanding.ts'
import { bot } from '../texts/bot.ts'
import { guidance as words } from '../texts/guidance.ts'
import { hears } from '../texts/hears.ts'
import { bare, brief } from './card.ts'
import { commonRun } from './matter.ts'
import { spokenTime } from './when.ts'

type Asked = { readonly guide: Guide; readonly text: string; readonly now: Instant; readonly office: Office }

/** The part of a guide that was asked for, in at most three short sentences with one next step. */
export function aspectAnswer(aspect: Aspect, asked: Asked): string {
  const { guide } = asked
  const { next } = words
  switch (aspect) {
    case 'where':
      return words.where(guide.title, bare(guide.where)) + next.where
    case 'materials':
      return materials(asked) + next.materials
    case 'steps':
      return (
        (hears.trouble.test(asked.text) && trap(guide, asked.text)) ||
        words.steps(
          bare(
            guide.steps
              .map((step, at) => `${at + 1}. ${bare(step)}`)
              .slice(0, 4)
              .join(words.join),
          ),
        ) +
          bot.stop +
          next.steps
      )
    case 'time':
      return time(guide) + next.time
    case 'fee':
      return guide.amount !== undefined && !hears.pays.test(asked.text) ? amount(asked) : words.fee(bare(guide.fee)) + next.fee
    case 'amount':
      return amount(asked)
    case 'deadline':
      return deadline(guide)
    case 'age':
      return ended(words.who(saying(guide, hears.age) ?? brief(guide.who, 80))) + next.who
    case 'online':
      if (guide.online) return words.online(bare(guide.online)) + next.online
      return hears.away.test(asked.text) && guide.proxy ? ended(words.proxy(brief(guide.proxy, 80))) + next.proxy : words.offline
    case 'who':
      return ended(words.who(brief(guide.who, 80))) + next.who
    case 'proxy':
      return ended(words.proxy(brief(guide.proxy, 80))) + next.proxy
    case 'hours':
      return hours(asked, hears.hallPlace.test(guide.where) ? words.hoursCheck : words.hoursElsewhere(brief(guide.where, 40)))
    case 'phone':
      return words.phone
    case 'basis':
      return basis(guide)
    case 'missing':
      return missing(asked)
    default:
      return aspect satisfies never
  }
}

/** What to bring; asked for one paper (「需要户口本吗」), that paper. */
function materials({ guide: { materials }, text }: Asked): string {
  const paper = hears.needs.exec(text)?.[1]
  const called = paper && hears.alike.reduce((name, [pattern, listed]) => name.replace(pattern, listed), paper)
  const listed = called && materials.find((one) => commonRun(called, one.name).length >= Math.min(called.length, 3))
  if (listed) return words.paper(listed.name, listed.copies, listed.note && brief(listed.note, 60))
  const names = materials.map((one) => one.name).join(words.listJoin)
  const all = materials.length > 3 ? words.materialsMore(materials.length, names) : words.materials(names)
  return paper ? words.notListed(paper) + all : all
}

function time({ time: { legal, promised } }: Guide): string {
  const said = [promised && words.promised(brief(promised)), legal && words.legal(brief(legal))].filter(Boolean).join('')
  return firm(said) ? said : words.timeOpen(settledBy(legal ?? promised ?? ''))
}

/** A limit that says how long or when; 「按本省规定执行」 tells a citizen nothing. */
export const firm = (time: string | undefined): boolean => time !== undefined && hears.limit.test(time)

/** 「低保一个月多少钱」 asks what is given; 「要交多少」 what is paid. */
function amount({ guide, text }: Asked): string {
  if (guide.amount !== undefined) return words.amount(brief(guide.amount, 90)) + words.next.amount
  return hears.pays.test(text) ? words.fee(bare(guide.fee)) + words.next.fee : words.amountOpen
}

function deadline(guide: Guide): string {
  const said = saying(guide, hears.within)
  return said ? words.deadline(brief(said, 80)) + words.next.deadline : words.deadlineOpen
}

/** The guide's own sentence that says such a thing. */
function saying({ who, time, steps, pitfalls }: Guide, what: RegExp): string | undefined {
  const told = [who, time.legal ?? '', ...steps, ...pitfalls.map(({ reason, remedy }) => words.pitfall(reason, remedy))]
  return told.flatMap((one) => one.split(hears.sentenceEnd)).find((sentence) => what.test(sentence))
}

function settledBy(said: string): string {
  const { province, city, office } = words.timeLocal
  if (said.includes(province)) return province
  return said.includes(city) ? city : office
}

function basis({ basis }: Guide): string {
  if (basis.length === 0) return words.noBasis
  const titles = basis.slice(0, 3).map((one) => words.basisShort(one.title, one.article))
  return words.basis(titles.join(words.listJoin)) + words.next.basis
}

/** When the hall is open; the policy's hours, by the loaded calendar. */
export function hours({ now, office, text }: Pick<Asked, 'now' | 'office' | 'text'>, check: string = words.hoursCheck): string {
  const { policy, calendar } = office
  const open = calendar.isOpen(now)
  const spans = policy.hours.map((span) => `${span.from}\u2013${span.to}`).join(words.listJoin)
  return outside(text, policy.hours) + words.hours(spans, open) + (open ? '' : words.nextOpening(spokenTime(calendar.nextOpening(now), dateOf(now)))) + check
}

/** The very time that was asked for, if the hall is shut then. */
function outside(text: string, spans: Office['policy']['hours']): string {
  const [morning, afternoon] = spans
  if (hears.weekend.test(text)) return words.noWeekend
  if (hears.noon.test(text)) return morning && afternoon ? words.noon(morning.to, afternoon.from) : words.noNoon
  return hears.evening.test(text) ? words.noEvening : ''
}

/** What if a paper is missing: the guide's own remedy where one fits, else the office looks for a way. */
function missing({ guide, text }: Asked): string {
  const lacked = hears.lacks.exec(text)?.[1]
  const told = trap(guide, lacked ?? text)
  if (told) return told + words.missingNext
  const paper = guide.materials.find((one) => one.note && commonRun(lacked ?? text, one.name).length >= 2)
  if (paper?.note) return words.missingKnown(paper.name, brief(paper.note, 80)) + words.missingNext
  return lacked ? words.missingUnsure(lacked) : words.missing
}

/** What the guide says to do about the very trouble that the words name: 「他爸不同意咋办」, 「没有公章行不行」. */
function trap({ pitfalls }: Guide, text: string): string | undefined {
  const said = text.replace(hears.troubleWords, '')
  const best = pitfalls
    .map((one) => ({ one, run: commonRun(said, one.reason.replace(hears.troubleWords, '')).length }))
    .reduce((most, now) => (now.run > most.run ? now : most), { one: undefined as Guide['pitfalls'][number] | undefined, run: 1 })
  return best.one && words.pitfall(bare(best.one.reason), brief(best.one.remedy, 80))
}

function ended(text: string): string {
  return `${bare(text)}${bot.stop}`
}

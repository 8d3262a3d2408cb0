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
      return materials(guide) + next.materials
    case 'steps':
      return (
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
      return words.fee(bare(guide.fee)) + next.fee
    case 'online':
      return guide.online ? words.online(bare(guide.online)) + next.online : words.offline
    case 'who':
      return ended(words.who(brief(guide.who, 80))) + next.who
    case 'proxy':
      return ended(words.proxy(brief(guide.proxy, 80))) + next.proxy
    case 'hours':
      return hours(asked)
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

function materials({ materials }: Guide): string {
  const names = materials.map((one) => one.name).join(words.listJoin)
  return materials.length > 3 ? words.materialsMore(materials.length, names) : words.materials(names)
}

function time({ time: { legal, promised } }: Guide): string {
  const said = [promised && words.promised(brief(promised)), legal && words.legal(brief(legal))].filter(Boolean).join('')
  return firm(said) ? said : words.timeOpen(settledBy(legal ?? promised ?? ''))
}

/** A limit that says how long or when; 「按本省规定执行」 tells a citizen nothing. */
export const firm = (time: string | undefined): boolean => time !== undefined && hears.limit.test(time)

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
export function hours({ now, office }: Pick<Asked, 'now' | 'office'>): string {
  const { policy, calendar } = office
  const open = calendar.isOpen(now)
  const spans = policy.hours.map((span) => `${span.from}\u2013${span.to}`).join(words.listJoin)
  return words.hours(spans, open) + (open ? '' : words.nextOpening(spokenTime(calendar.nextOpening(now), dateOf(now)))) + words.hoursCheck
}

/** What if a paper is missing: the guide's own remedy where one fits, else the office looks for a way. */
function missing({ guide, text }: Asked): string {
  const pitfall = guide.pitfalls.find((one) => commonRun(text, one.reason).length >= 2)
  if (pitfall) return words.pitfall(bare(pitfall.reason), brief(pitfall.remedy, 80)) + words.missingNext
  const paper = guide.materials.find((one) => one.note && commonRun(text, one.name).length >= 2)
  if (paper?.note) return words.missingKnown(paper.name, brief(paper.note, 80)) + words.missingNext
  const lacked = hears.lacks.exec(text)?.[1]
  return lacked ? words.missingUnsure(lacked) : words.missing
}

function ended(text: string): string {
  return `${bare(text)}${bot.stop}`
}

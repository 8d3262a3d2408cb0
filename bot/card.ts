import type { Choice, GuideCard } from '../channels/contract.ts'
import type { Guide } from '../nlp/guide.ts'
import type { Aspect } from '../nlp/understanding.ts'
import { guidance as words } from '../texts/guidance.ts'

/** The whole guide, one tap away: headings and lines in the order in which a citizen needs them. */
export function cardOf(guide: Guide): GuideCard {
  const { headings: h } = words
  const section = (heading: string, lines: readonly (string | undefined)[]) => ({ heading, lines: lines.filter((line): line is string => !!line) })
  return {
    guideId: guide.id,
    title: guide.title,
    sections: [
      section(h.who, [guide.who]),
      section(
        h.materials,
        guide.materials.map((m) => words.material(m.name, m.copies, m.issuer, m.note)),
      ),
      section(h.steps, guide.steps),
      section(h.where, [guide.where]),
      section(h.time, [guide.time.legal && words.legalLine(guide.time.legal), guide.time.promised && words.promisedLine(guide.time.promised)]),
      section(h.amount, [guide.amount]),
      section(h.fee, [guide.fee]),
      section(h.online, [guide.online]),
      section(h.proxy, [guide.proxy]),
      section(
        h.pitfalls,
        guide.pitfalls.map((p) => words.pitfall(p.reason, bare(p.remedy))),
      ),
      section(
        h.basis,
        guide.basis.map((b) => words.basisLine(b.title, b.article, b.since)),
      ),
    ].filter((one) => one.lines.length > 0),
    note: words.note(guide.reviewedOn, guide.confirm),
  }
}

const tapped: readonly (keyof typeof words.aspects)[] = ['materials', 'amount', 'where', 'time', 'fee', 'online']

/** The next questions people ask of a guide, and the way out when it does not help. */
export function aspectChoices(guide: Guide, answered?: Aspect): readonly Choice[] {
  const asks = tapped
    .filter((aspect) => aspect !== answered && (aspect !== 'amount' || guide.amount !== undefined))
    .slice(0, answered ? 2 : 3)
    .map((aspect) => ({ value: `aspect:${aspect}@${guide.id}`, text: words.aspects[aspect] }))
  const full = answered ? [{ value: `guide:${guide.id}`, text: words.full }] : []
  return [...asks, ...full, { value: `stuck:${guide.id}`, text: words.stuck }]
}

/** Without the full stop, so that it can stand inside a sentence. */
export function bare(text: string): string {
  return text.trim().replace(/[\u3002.;\uFF1B]+$/, '')
}

/** Up to the first sentence end after which the text would be too long to read at a glance. */
export function brief(text: string, length = 60): string {
  const sentences = text.match(/[^\u3002\uFF1B]+[\u3002\uFF1B]?/g) ?? [text]
  let said = ''
  for (const sentence of sentences) {
    if (said && said.length + sentence.length > length) break
    said += sentence
  }
  return bare(said)
}

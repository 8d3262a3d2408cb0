import { emptyMemory, type Turn } from '../../bot/turn.ts'
import { dateOf } from '../../casework/day.ts'
import type { Guide } from '../../nlp/guide.ts'
import { createLookup } from '../lookup.ts'
import { indexed, type Knowledge } from '../office.ts'
import type { Shell } from '../shell.ts'

/** The knowledge as it would be with these guides in force. Builds an index: not for every keystroke. */
export function withGuides(knowledge: Knowledge, guides: readonly Guide[]): Knowledge {
  const all = new Map([...knowledge.guides, ...guides.map((guide) => [guide.id, guide] as const)])
  return { ...knowledge, ...indexed([...all.values()]) }
}

const visitor = { id: 'trial', channel: 'web', personId: 'trial', owner: { kind: 'bot' }, seq: 0, version: 0, memory: emptyMemory } as const

/** What the bot says to somebody who comes with this question and nothing else. Nothing is stored. */
export async function askBot(shell: Shell, knowledge: Knowledge, text: string): Promise<Turn> {
  const now = shell.now()
  const understanding = knowledge.understand(text, { today: dateOf(now) })
  const lookup = {
    ...createLookup({ ...shell, knowledge: { ...shell.knowledge, current: () => knowledge } }, visitor),
    ownTickets: async () => [],
    mintTicket: async () => ({ id: visitor.id, number: visitor.id, code: visitor.id }),
  }
  return shell.controller.respond({ conversation: visitor, content: { kind: 'text', text }, understanding, now, office: knowledge.office }, lookup)
}

export type Answered = { readonly asked: number; readonly answered: number; readonly offered: number }

/** How many of these questions are answered from one guide, and for how many more it is among the choices; `each` by place. */
export async function measure(
  shell: Shell,
  knowledge: Knowledge,
  guideId: string,
  questions: readonly string[],
): Promise<Answered & { readonly each: readonly boolean[] }> {
  const each: boolean[] = []
  let offered = 0
  for (const question of questions) {
    const { outcome, guides } = await askBot(shell, knowledge, question)
    const isAnswered = outcome === 'guide' && guides[0]?.id === guideId
    each.push(isAnswered)
    if (!isAnswered && guides.some(({ id }) => id === guideId)) offered += 1
  }
  return { asked: questions.length, answered: each.filter(Boolean).length, offered, each }
}

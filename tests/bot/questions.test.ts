import { beforeAll, describe, expect, it } from 'vitest'
import { fixture } from '../nlp/support.ts'
import { openDesk, openWorld } from '../support/desk.ts'

type Asked = { readonly text: string; readonly guide: string; readonly kind?: string }
type Answered = Asked & { readonly at: number; readonly isAnswer: boolean; readonly calls: boolean }

/** The same questions as for the search; here what counts is what the citizen is told in the end. */
const questions: readonly Asked[] = [...fixture<Asked>('questions.jsonl'), ...fixture<Asked>('distorted.jsonl')]
let answered: readonly Answered[]

beforeAll(async () => {
  const world = await openWorld()
  answered = await Promise.all(
    questions.map(async (asked) => {
      const { turn } = await openDesk(world).say(asked.text)
      const at = turn.guides.findIndex(({ id }) => id === asked.guide)
      return { ...asked, at, isAnswer: turn.outcome === 'guide', calls: turn.intent === 'emergency' }
    }),
  )
})

const share = (good: (one: Answered) => boolean): number => answered.filter(good).length / answered.length

describe('a citizen who asks', () => {
  it('is told from the right guide at once three times of four, and is shown the way to it nine times of ten', () => {
    const [first, shown] = [share(({ at, isAnswer }) => isAnswer && at === 0), share(({ at }) => at >= 0 && at < 4)]
    process.stdout.write(`told to the citizen: first ${first.toFixed(3)}, shown ${shown.toFixed(3)}\n`)

    expect(first).toBeGreaterThanOrEqual(0.78)
    expect(shown).toBeGreaterThanOrEqual(0.91)
  })

  it('is told from a wrong guide at most four times of a hundred', () => {
    expect(share(({ at, isAnswer }) => isAnswer && at < 0)).toBeLessThanOrEqual(0.04)
  })

  it('is taken for one in danger at most once in a hundred', () => {
    expect(share(({ calls }) => calls)).toBeLessThanOrEqual(0.01)
  })
})

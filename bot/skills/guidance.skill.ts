import type { Guide, GuideHit } from '../../nlp/guide.ts'
import type { Aspect } from '../../nlp/understanding.ts'
import { bot, doors, humanDoor, noneOfThese, wrongGuide } from '../../texts/bot.ts'
import { guidance as words } from '../../texts/guidance.ts'
import { hears } from '../../texts/hears.ts'
import { isAbout } from '../about.ts'
import { aspectAnswer, firm, hours } from '../aspects.ts'
import { aspectChoices, bare, brief, cardOf } from '../card.ts'
import { digress } from '../digression.ts'
import { commonRun, speaksOf, spokenTitle } from '../matter.ts'
import { chosen, confidence, focusOn, remember, say, top, wordsOf } from '../reply.ts'
import { twoRequests } from '../several.ts'
import type { Lookup, Skill, Turn, TurnInput } from '../turn.ts'

const name = 'guidance'
/** 「要带啥」「网上能办不」: short enough to be about the guide that is being talked about. */
const followUpLength = 14
const mostChoices = 4
const mostOfTwo = 3
/** Named in so many words and likely: another guide than the one that is talked about. */
const likely = 0.45
/** A word or two is little to go by. */
const likelyTopic = 0.8
/** 「几点下班」, 「电话多少」: of the office, not of a matter */
const shortAsk = 12
/** 「在哪儿」, 「你们在哪」: of the hall */
const bareWhere = 6

/** 不知怎么办 and 不知哪里办: answers from a guide, offers a few, or leaves it to others. */
export const skill: Skill = { name, steps: ['ask'], claim, respond }

function claim(input: TurnInput, match: Lookup['match']): number {
  const value = chosen(input)
  if (value !== undefined) return /^(guide:|aspect:|door:how|door:where)/.test(value) ? 0.95 : 0
  if (input.content.kind !== 'text') return 0
  const { focus, memory } = input.conversation
  if (isLost(input)) return 0.91
  if (!focus && hears.lost2.test(wordsOf(input))) return 0.92
  if (focus?.skill === name) return 0.85
  // 「过期了」 after 「您说的是哪一件」 settles which, whatever the words sound like by themselves.
  if (!focus && isMore(input) && (match(question(input)).guides[0]?.score ?? 0) >= likely) return 0.93
  const asks = confidence(input, 'guide')
  const { aspect } = input.understanding
  if (!focus && !memory.guideId && (aspect === 'hours' || aspect === 'phone') && wordsOf(input).length <= shortAsk) return 0.7
  if ((memory.guideId || pending(input).length > 0) && !focus && isFollowUp(input)) return 0.93
  if (top(input) === 'guide' && asks >= 0.5 && input.understanding.aspect) return 0.87
  if (isAbout(input, match)) return 0.915
  return top(input) === 'guide' && asks >= 0.4 ? 0.6 + 0.3 * asks : 0.2 + 0.3 * asks
}

async function respond(input: TurnInput, lookup: Lookup): Promise<Turn | undefined> {
  const value = chosen(input)
  if (value === 'door:how' || value === 'door:where') {
    return say(input, value === 'door:how' ? words.askHow : words.askWhere, { focus: focusOn(name, 'ask', { door: value }) })
  }
  if (value?.startsWith('guide:')) return whole(input, lookup.guide(value.slice('guide:'.length)))
  if (value?.startsWith('aspect:')) return tapped(input, lookup, value.slice('aspect:'.length))
  if (isLost(input)) return say(input, { text: bot.lost, choices: [...doors, humanDoor] }, { focus: focusOn(name, 'ask', { door: doors[0].value }) })
  const turn = two(input, lookup) ?? asked(input, lookup)
  return turn && meantFirst(input, lookup, turn)
}

/** Where several guides are offered, the one that the office's own model takes for the meant one stands first. */
async function meantFirst(input: TurnInput, lookup: Lookup, turn: Turn): Promise<Turn> {
  const [reply, ...others] = turn.replies
  const offered = reply?.choices?.filter(({ value }) => value.startsWith('guide:')) ?? []
  if (!lookup.choose || !reply?.choices || turn.outcome !== 'clarify' || offered.length < 2) return turn
  const at = await lookup.choose(
    question(input),
    offered.map(({ text }) => text),
  )
  const meant = at === undefined ? undefined : offered[at]
  if (!meant) return turn
  const isMeant = (value: string): number => (value === meant.value ? 1 : 0)
  const choices = reply.choices.toSorted((a, b) => isMeant(b.value) - isMeant(a.value))
  const guides = turn.guides.toSorted((a, b) => isMeant(`guide:${b.id}`) - isMeant(`guide:${a.id}`))
  return { ...turn, replies: [{ ...reply, choices }, ...others], guides }
}

/** 「我不知道怎么办」 with no matter and nothing running: not a trouble to register, a question to be asked which. */
function isLost(input: TurnInput): boolean {
  const { focus, memory } = input.conversation
  return hears.lost.test(wordsOf(input)) && !memory.guideId && (!focus || focus.skill === name)
}

/** Two requests in one message are answered one after the other; of one that may be several things, those are offered. */
function two(input: TurnInput, lookup: Lookup): Turn | undefined {
  const found = twoRequests(wordsOf(input), lookup)
  if (!found) return undefined
  const turns = found.map((one) => (one.isSure ? whole(input, one.guide) : choose(input, one.match.guides.slice(0, mostOfTwo), words.which(one.text))))
  const replies = turns.flatMap((turn) => turn?.replies.filter((reply) => reply.choices) ?? [])
  const [reply, ...rest] = replies
  const [first] = turns
  if (!first || !reply || rest.length === 0) return undefined
  const guides = found.map(({ guide: { id, title } }) => ({ id, title }))
  const turn = { ...first, replies: [{ ...reply, text: words.both + reply.text }, ...rest], guides, outcome: 'guide' as const }
  return digress(input, { ...turn, memory: remember(input, { guideId: found[0].guide.id, lastQuestion: wordsOf(input) }) })
}

function tapped(input: TurnInput, lookup: Lookup, value: string): Turn | undefined {
  const [aspect, id] = value.split('@')
  const guide = lookup.guide(id ?? input.conversation.memory.guideId ?? '')
  return guide && isAspect(aspect) ? part(input, guide, aspect) : undefined
}

function asked(input: TurnInput, lookup: Lookup): Turn | undefined {
  const { memory, focus } = input.conversation
  const needs = hears.needs.test(wordsOf(input))
  const lacks = hears.lacks.test(wordsOf(input))
  const aspect = lacks ? 'missing' : (input.understanding.aspect ?? (needs ? 'materials' : undefined))
  const text = question(input)
  const match = lookup.match(text)
  const first = match.guides[0]
  const currentId = otherOfTwo(input) ?? pending(input)[0] ?? memory.guideId ?? caseGuide(input)
  const current = currentId === undefined ? undefined : lookup.guide(currentId)
  const found = first && lookup.guide(first.id)
  const isSure = match.decision === 'answer' || (first !== undefined && first.score >= likely && !lacks)
  const isNamed = isSure && found !== undefined && speaksOf(text, found)
  // When the hall is open depends on no matter.
  if (!current && aspect === 'phone' && !isNamed && match.decision !== 'answer' && text.length <= shortAsk) return say(input, words.phone, { outcome: 'guide' })
  if (!current && aspect === 'where' && match.decision === 'none' && text.length <= bareWhere) return say(input, words.place, { outcome: 'guide' })
  if (!current && aspect === 'hours' && !isNamed) return say(input, hours({ ...input, text: wordsOf(input) }), { outcome: 'guide' })
  if (current && aspect && (lacks || needs || !isNamed || found.id === current.id))
    return currentId === pending(input)[0] ? ofFirst(input, current, aspect) : part(input, current, aspect)
  const other = otherTopic(input, lookup)
  if (other) return other
  const more = current && !isNamed ? elliptic(input, lookup, current) : undefined
  if (more) return more
  // A message that hardly sounds like a question is one only if it names the matter.
  const isAsked = isMore(input) || confidence(input, 'guide') >= 0.4 || focus?.skill === name || isAbout(input, lookup.match)
  if (match.decision === 'answer' && found && (isAsked || isNamed)) return answer(input, found, aspect, first?.score ?? 0)
  // 「开店」 at the door 「不知怎么办」 is a question however short; elsewhere other skills may know better.
  const mayChoose = isMore(input) || top(input) === 'guide' || focus?.skill === name || hears.andWhat.test(text)
  const detail = current && narrowed(input, lookup, current)
  if (detail) return detail
  // 「您问的是不是「…」？」 and the talk goes on without a no: it was.
  if (pending(input).length === 1 && current && match.decision !== 'answer' && hears.question.test(wordsOf(input))) return answer(input, current, undefined, 0)
  if (match.decision !== 'choose' || !found || !mayChoose || memory.misses > mostAsked) return undefined
  const plausible = match.guides.filter((hit) => hit.score >= Math.max(worthOffering, (first?.score ?? 0) / 10))
  return plausible.length === 1 && speaksOf(text, found) ? answer(input, found, aspect, first?.score ?? 0) : choose(input, plausible)
}

/** Choices offered in a row; then a person answers. */
const mostAsked = 1

/** 「初中的」 after 「孩子转学」 is a word more on the same guide. */
function narrowed(input: TurnInput, lookup: Lookup, current: Guide): Turn | undefined {
  const { lastQuestion } = input.conversation.memory
  const text = wordsOf(input)
  if (!lastQuestion || text.length > 6 || hears.andWhat.test(text) || !/\p{Script=Han}/u.test(text) || input.understanding.intents[0]?.confidence === 0.97)
    return undefined
  const { decision, guides } = lookup.match(`${lastQuestion} ${text}`)
  return decision === 'answer' && guides[0]?.id === current.id ? whole(input, current) : undefined
}

/** 「卖烟呢」: another matter by its bare name. */
function otherTopic(input: TurnInput, lookup: Lookup): Turn | undefined {
  const topic = hears.elliptic.exec(wordsOf(input))?.[1]
  if (!topic || topic.length < 2 || hears.people.test(topic)) return undefined
  const [first] = lookup.match(topic).guides
  const guide = first && first.score >= likelyTopic ? lookup.guide(first.id) : undefined
  const isNamed = guide && (speaksOf(topic, guide) || [guide.title, ...guide.names].some((one) => one.includes(topic)))
  return guide && isNamed && guide.id !== input.conversation.memory.guideId ? whole(input, guide) : undefined
}

/** 「小孩呢」: the variant of the guide for them where there is one, else who may. */
function elliptic(input: TurnInput, lookup: Lookup, current: Guide): Turn | undefined {
  const topic = hears.elliptic.exec(wordsOf(input))?.[1]
  if (!topic) return undefined
  const { decision, guides } = lookup.match(`${spokenTitle(current)} ${topic}`)
  const variant = decision === 'answer' ? lookup.guide(guides[0]?.id ?? '') : undefined
  const isVariant = variant !== undefined && variant.id !== current.id && commonRun(variant.title, current.title).length >= 2
  return isVariant ? whole(input, variant) : part(input, current, 'who')
}

/** Below this a guide has nothing to do with the question: offering it would only confuse. */
const worthOffering = 0.04

/** After 「您说的是哪一件」 a few words are more of the same question: 「孩子上学」, 「外地的」. */
function question(input: TurnInput): string {
  return isMore(input) ? `${input.conversation.memory.lastQuestion} ${wordsOf(input)}` : wordsOf(input)
}

function isMore(input: TurnInput): boolean {
  const { misses, lastQuestion, offered } = input.conversation.memory
  return misses > 0 && !!lastQuestion && wordsOf(input).length <= 8 && offered.some((choice) => choice.value.startsWith('guide:'))
}

/** A first question for these wants the whole guide: 「在哪儿办」, 「怎么办」, 「身份证丢了怎么办」; a narrower one gets its part. */
const wholeOf: readonly Aspect[] = ['where', 'steps', 'missing']

/** Below this one answer in eight is another matter's; it goes out with a way to say so. */
const certain = 0.85

function answer(input: TurnInput, guide: Guide, aspect: Aspect | undefined, score: number): Turn | undefined {
  if (aspect && !wholeOf.includes(aspect)) return part(input, guide, aspect)
  const turn = whole(input, guide)
  const [reply, ...others] = turn?.replies ?? []
  if (!turn || !reply?.choices || score >= certain) return turn
  return { ...turn, replies: [{ ...reply, choices: [...reply.choices, wrongGuide] }, ...others] }
}

function whole(input: TurnInput, guide: Guide | undefined): Turn | undefined {
  if (!guide) return undefined
  const time = [guide.time.promised, guide.time.legal].find(firm)
  const text = words.whole(guide.title, brief(guide.where, 48), time ? words.firstTime(brief(time, 36)) : '')
  return known(input, guide, say(input, { text, card: cardOf(guide), choices: aspectChoices(guide) }))
}

function part(input: TurnInput, guide: Guide, aspect: Aspect): Turn {
  const text = aspectAnswer(aspect, { guide, text: wordsOf(input), now: input.now, office: input.office })
  const ways = aspect === 'missing' ? [bot.register, humanDoor] : []
  return known(
    input,
    guide,
    say(input, { text, choices: [...aspectChoices(guide, aspect).filter(({ value }) => ways.length === 0 || !value.startsWith('stuck:')), ...ways] }),
  )
}

function chooseText(offered: readonly GuideHit[], misses: number): string {
  const [only] = offered
  if (only && offered.length === 1) return words.confirm(only.title)
  return misses > 0 ? words.chooseAgain : words.choose
}

function known(input: TurnInput, guide: Guide, turn: Turn): Turn {
  const memory = remember(input, { guideId: guide.id, lastQuestion: wordsOf(input) })
  return digress(input, { ...turn, memory, outcome: 'guide', guides: [{ id: guide.id, title: bare(guide.title) }] })
}

function choose(input: TurnInput, hits: readonly GuideHit[], text?: string): Turn {
  const { misses } = input.conversation.memory
  const offered = hits.slice(0, mostChoices)
  const choices = [...offered.map((hit) => ({ value: `guide:${hit.id}`, text: hit.title })), noneOfThese, ...(misses > 0 ? [humanDoor] : [])]
  return digress(input, {
    ...say(input, { text: text ?? chooseText(offered, misses), choices }),
    memory: remember(input, { misses: misses + 1, lastQuestion: question(input) }),
    guides: offered.map(({ id, title }) => ({ id, title })),
  })
}

/** 「第二个要带啥」 after two were answered. */
function otherOfTwo(input: TurnInput): string | undefined {
  if (!hears.secondOne.test(wordsOf(input))) return undefined
  const ids = input.conversation.memory.offered.flatMap(({ value }) => (value.startsWith('aspect:') ? [value.slice(value.indexOf('@') + 1)] : []))
  return [...new Set(ids)][1]
}

/** The guides that were offered and not yet chosen from, the likeliest first. */
function pending(input: TurnInput): readonly string[] {
  const { misses, offered } = input.conversation.memory
  if (misses === 0) return []
  return offered.flatMap(({ value }) => (value.startsWith('guide:') ? [value.slice('guide:'.length)] : []))
}

/** The guide of the case that is being taken down: 「要多久」 in the middle of it. */
function caseGuide({ conversation: { focus, memory } }: TurnInput): string | undefined {
  const findings = focus?.skill === 'intake' ? focus.slots['findings'] : undefined
  const likely = typeof findings === 'object' && findings !== null && 'guideId' in findings ? findings.guideId : undefined
  return focus?.skill === 'intake' ? (memory.facts.guideId ?? (typeof likely === 'string' ? likely : undefined)) : undefined
}

/** 「要带啥」 before it was said which: of the likeliest, by its name, and the others stay one tap away. */
function ofFirst(input: TurnInput, guide: Guide, aspect: Aspect): Turn {
  const others = input.conversation.memory.offered.filter(({ value }) => value.startsWith('guide:') && value !== `guide:${guide.id}`)
  const turn = part(input, guide, aspect)
  const [reply, ...more] = turn.replies
  if (others.length === 0 || !reply) return turn
  return {
    ...turn,
    replies: [{ ...reply, text: words.ofFirst(spokenTitle(guide)) + reply.text, choices: [...others, ...(reply.choices ?? []).slice(-1)] }, ...more],
  }
}

function isFollowUp(input: TurnInput): boolean {
  const text = wordsOf(input)
  if (hears.needs.test(text) || hears.lacks.test(text) || hears.elliptic.test(text) || hears.away.test(text)) return true
  const { aspect, correction, cancel } = input.understanding
  if (aspect === undefined || correction || cancel) return false
  if (hears.letters.test(text)) return text.length <= 2 * followUpLength
  // 「她去不了现场怎么办」 is no trouble with an office.
  return text.length <= followUpLength && hears.question.test(text) && (aspect === 'proxy' || !hears.blocked.test(text))
}

function isAspect(value: string | undefined): value is Aspect {
  return value !== undefined && Object.hasOwn(words.aspects, value)
}

import type { Facts } from '../../casework/ticket.ts'
import type { Guide, GuideHit } from '../../nlp/guide.ts'
import { bot, newCaseDoor, noneOfThese } from '../../texts/bot.ts'
import { hears } from '../../texts/hears.ts'
import { intake as words } from '../../texts/intake.ts'
import { amend, withdraw } from '../amend.ts'
import { noFindings } from '../diagnosis.ts'
import { type Draft, draftOf, gather, isImpatient } from '../draft.ts'
import { factsIn } from '../facts.ts'
import { ask, missing, name, type Question, questions, questionText, register, unneeded } from '../intake.ts'
import { commonRun, matterIn, speaksOf, spokenTitle } from '../matter.ts'
import { chosen, confidence, remember, say, top, wordsOf } from '../reply.ts'
import { answerSame, offerSame, sameStep } from '../same.ts'
import type { Lookup, Memory, Skill, Turn, TurnInput } from '../turn.ts'

/** 办不了怎么办: asks only what is missing, one thing at a time, and registers as soon as it can be acted on. */
export const skill: Skill = { name, steps: [...Object.keys(questions), sameStep, 'registered'], claim, respond }

function claim(input: TurnInput): number {
  const { focus, memory } = input.conversation
  const value = chosen(input)
  const step = focus?.skill === name ? focus.step : undefined
  if (value !== undefined) {
    if (/^(door:cannot|case:new|stuck:|withdraw:|same:)/.test(value)) return 0.95
    return step === 'matter' && (value.startsWith('guide:') || value === noneOfThese.value) ? 0.97 : 0
  }
  if (input.content.kind !== 'text') return 0
  const { understanding } = input
  const unresolved = 0.6 + 0.3 * confidence(input, 'unresolved')
  if (integrity(input)) return 0.97
  if (hears.wantsToRegister.test(wordsOf(input))) return 0.93
  if (step === 'registered') return afterRegistration(input, unresolved)
  // An answer that asks nothing is the answer, whatever guide its words would find.
  if (step === 'stuck' && !hears.question.test(wordsOf(input))) return 0.9
  if (step !== undefined) return step === 'matter' && wordsOf(input).length <= 12 && !understanding.aspect ? 0.92 : 0.82
  if (understanding.correction && (memory.ticketId || memory.facts.matter)) return 0.8
  if (top(input) === 'unresolved' || confidence(input, 'unresolved') >= 0.4) return unresolved
  return memory.ticketId && understanding.entities.length > 0 ? 0.5 : 0
}

function afterRegistration(input: TurnInput, unresolved: number): number {
  const { understanding, conversation } = input
  if (understanding.correction || understanding.cancel || understanding.asksWhy || understanding.declines) return 0.85
  const tells = !hears.question.test(wordsOf(input))
  if (tells && hears.tellsLack.test(wordsOf(input)) && understanding.entities.some(({ kind }) => kind === 'missingPapers')) return 0.92
  if (tells && understanding.entities.some(({ kind }) => kind === 'company' || kind === 'name' || kind === 'phone')) return 0.9
  if (conversation.focus?.slots['asking']) return top(input) === 'guide' ? 0.6 : 0.75
  if (top(input) === 'unresolved') return unresolved
  if (understanding.entities.length > 0) return 0.7
  return tells && wordsOf(input).length >= 6 && confidence(input, 'guide') < 0.4 ? 0.55 : 0.2
}

/** 吃拿卡要 by a window is this office's business, and confidential; not the door of the discipline inspectors only. */
function integrity({ understanding }: TurnInput): boolean {
  return understanding.flags.some((flag) => flag.name === hears.integrity) || understanding.cause?.name === hears.integrity
}

async function respond(input: TurnInput, lookup: Lookup): Promise<Turn | undefined> {
  const { focus, memory } = input.conversation
  const { understanding } = input
  const value = chosen(input)
  const step = focus?.skill === name ? focus.step : undefined
  const known = memory.ticketId ? fresh(memory.facts) : draftOf(input)
  if (value?.startsWith('withdraw:')) return withdraw(input, lookup, value === words.withdrawYes.value)
  if (value === newCaseDoor.value) return begin(input, lookup, fresh(memory.facts))
  if (value?.startsWith('stuck:')) return begin(input, lookup, about(known, lookup.guide(value.slice('stuck:'.length))))
  if (value === 'door:cannot') return begin(input, lookup, known)
  const isOpen = step !== undefined && step !== 'registered'
  const same = await answerSame(input, lookup, draftOf(input))
  if (same === 'another') return register(input, lookup, draftOf(input), words.heard)
  if (same) return same
  if (isOpen && (understanding.cancel || hears.nevermind.test(wordsOf(input))) && !hears.noPhone.test(wordsOf(input))) return cancel(input, step)
  if (isOpen && understanding.asksWhy && !isImpatient(input)) return explain(input, step)
  if (memory.ticketId && !isOpen) return anotherCase(input, lookup) ? begin(input, lookup, told(input, lookup, fresh(memory.facts))) : amend(input, lookup)
  if (isOpen && value?.startsWith('guide:')) return begin(input, lookup, about(draftOf(input), lookup.guide(value.slice('guide:'.length))))
  if (isOpen && value === noneOfThese.value) return ask(input, draftOf(input), 'matter', '')
  return begin(input, lookup, told(input, lookup, draftOf(input)))
}

const told = (input: TurnInput, lookup: Lookup, draft: Draft): Draft => {
  const asking = input.conversation.focus?.skill === name ? input.conversation.focus.slots['asking'] : undefined
  return gather(input, lookup, draft, typeof asking === 'string' ? asking : undefined)
}

/** Another case of the same citizen: who they are is known, what happened is not. */
function fresh({ name: who, phone, idNumber, anonymous, company }: Facts): Draft {
  const facts = {
    ...(who && { name: who }),
    ...(phone && { phone }),
    ...(idNumber && { idNumber }),
    ...(anonymous && { anonymous }),
    ...(company && { company }),
  }
  return { facts, findings: noFindings }
}

function about(draft: Draft, guide: Guide | undefined): Draft {
  if (!guide) return draft
  return { facts: { ...draft.facts, matter: spokenTitle(guide), guideId: guide.id }, findings: { ...draft.findings, guideId: guide.id } }
}

/** Says what is still missing, or registers. */
async function begin(input: TurnInput, lookup: Lookup, draft: Draft): Promise<Turn> {
  const { conversation, understanding } = input
  const { focus, memory } = conversation
  const step = focus?.skill === name && focus.step !== 'registered' ? focus.step : undefined
  // A second case starts with a clean list of what was asked.
  const clean = memory.ticketId !== undefined && step === undefined ? withMemory(input, { ...memory, asked: [] }) : input
  const scene = isImpatient(input) ? withMemory(clean, { ...clean.conversation.memory, asked: [...clean.conversation.memory.asked, ...unneeded] }) : clean
  const refuses = step === 'contact' && refusesContact(input)
  const known: Draft = refuses ? { ...draft, facts: { ...draft.facts, anonymous: true } } : draft
  const lead = leadOf(input, known, step !== undefined) + (understanding.entities.some(({ kind }) => kind === 'wrongIdNumber') ? words.wrongIdNumber : '')
  const digits = step === 'contact' && isFirst(scene, 'contact') ? wrongPhone(input, known.facts) : undefined
  if (digits !== undefined) return askAgain(ask(scene, known, 'contact', ''), words.phoneShort(digits))
  // A correction or a question of the citizen's own does not pass over the question: it still waits.
  const isPassed = !understanding.correction && !asksBack(input)
  const asked = step === 'contact' && !isPassed && isFirst(scene, step) ? [] : scene.conversation.memory.asked
  const question = refuses && known.facts.matter ? undefined : missing(known, asked)
  if (question === undefined) return (await offerSame(scene, lookup, known)) ?? register(scene, lookup, known, lead)
  const choices = question === 'matter' ? matterChoices(input, lookup) : []
  const guide = step === undefined && choices.length === 0 ? likelyGuide(input, lookup) : undefined
  const turn = ask(scene, known, question, lead, guide ? [{ value: `aspect:steps@${guide.id}`, text: words.seeGuide(guide.title) }] : choices)
  return guide ? { ...turn, guides: [{ id: guide.id, title: guide.title }] } : turn
}

const isFirst = ({ conversation }: TurnInput, question: Question): boolean => conversation.memory.asked.filter((one) => one === question).length === 1

const askAgain = (turn: Turn, text: string): Turn => ({ ...turn, replies: [{ text }] })

const withMemory = (input: TurnInput, memory: Memory): TurnInput => ({ ...input, conversation: { ...input.conversation, memory } })

/** What may spare the citizen the case altogether: how the matter goes, one tap away while it is taken down. */
function likelyGuide(input: TurnInput, lookup: Lookup): GuideHit | undefined {
  if (input.content.kind !== 'text' || integrity(input)) return undefined
  const { decision, guides } = lookup.match(wordsOf(input).replace(hears.troubles, hears.comma))
  return decision === 'answer' ? guides[0] : undefined
}

/** Guides that the words name but do not tell apart. */
function matterChoices(input: TurnInput, lookup: Lookup) {
  const text = wordsOf(input)
  const match = input.content.kind === 'text' ? lookup.match(text) : undefined
  const near = match?.guides.map((hit) => lookup.guide(hit.id)).filter((guide) => guide !== undefined && speaksOf(text, guide)) ?? []
  const choices = near.slice(0, 4).flatMap((guide) => (guide ? [{ value: `guide:${guide.id}`, text: guide.title }] : []))
  return choices.length > 1 ? [...choices, noneOfThese] : []
}

/** The task is left; who the citizen is need not be asked again. At the last question all is still there to be registered after all. */
function cancel(input: TurnInput, step: string): Turn {
  const { facts } = input.conversation.memory
  if (step === 'contact') return say(input, { text: words.cancelledLast, choices: [bot.register] }, { memory: remember(input, { asked: [] }) })
  return say(input, words.cancelled, { memory: remember(input, { facts: fresh(facts).facts, asked: [] }) })
}

function explain(input: TurnInput, step: string): Turn {
  const { focus, memory } = input.conversation
  const question: Question = isQuestion(step) ? step : 'contact'
  const why = hears.ofPhone.test(wordsOf(input)) ? words.why.contact : words.why[question]
  return { ...say(input, why + questionText(question, memory.facts)), focus }
}

const isQuestion = (step: string): step is Question => step in questions

/** What is said before the next question: the first time it is heard that someone is in trouble, then only a short sign. */
function leadOf(input: TurnInput, { facts }: Draft, isRunning: boolean): string {
  const { understanding } = input
  if (isImpatient(input)) return words.hurried
  if (input.content.kind === 'choice' && !isRunning) return words.open
  if (isRunning && understanding.correction) return words.fixed
  const trips = Number(understanding.entities.find(({ kind }) => kind === 'visits')?.value ?? 0)
  if (isRunning && trips > 1) return words.tired(trips)
  if (isRunning && input.conversation.focus?.step === 'contact' && asksBack(input)) return words.questionNoted
  if (isRunning) return hears.care.test(wordsOf(input)) ? words.care : words.heard
  if (integrity(input) || facts.confidential) return words.quiet
  if ((facts.visits ?? 0) > 1) return words.tired(facts.visits ?? 0)
  if (confidence(input, 'abuse') >= 0.3 || hears.harsh.test(wordsOf(input))) return words.calm
  return facts.onBehalfOf ? words.proxy(facts.onBehalfOf) : words.sorry
}

/** 「卫健委不给我办，非要…」 is more of the story, not a refusal. */
const longestRefusal = 12

function refusesContact(input: TurnInput): boolean {
  const { understanding } = input
  if (factsIn(understanding).phone) return false
  const text = wordsOf(input)
  if (text.length > longestRefusal && top(input) === 'unresolved') return false
  return understanding.declines || hears.noPhone.test(text) || hears.refuseWord.test(text) || (top(input) === 'deny' && text.length <= 6)
}

/** Answers the question for the phone with a question. */
const asksBack = (input: TurnInput): boolean =>
  input.content.kind === 'text' && input.understanding.entities.length === 0 && hears.question.test(wordsOf(input)) && top(input) !== 'unresolved'

/** Digits that were meant as a phone and are none. */
function wrongPhone(input: TurnInput, facts: Facts): number | undefined {
  if (facts.phone) return undefined
  const digits = hears.tenDigits.exec(wordsOf(input))?.[0].replace(/\D/g, '')
  return digits && digits.length !== 11 ? digits.length : undefined
}

/** 「我妈的低保也停了」: what fails is the other matter itself, not a paper that the first one wants. */
function isStuck(text: string, matter: string): boolean {
  const at = text.indexOf(matter)
  const [before, after] = [text.slice(0, at), text.slice(at + matter.length)]
  return at >= 0 && !hears.asPaper.test(before) && hears.fails.test(after)
}

/** A new trouble, not more of the one that was just taken down. */
function anotherCase(input: TurnInput, lookup: Lookup): boolean {
  const { understanding, conversation } = input
  if (understanding.correction || input.content.kind !== 'text') return false
  const text = wordsOf(input)
  const unresolved = top(input) === 'unresolved'
  if (hears.another.test(text) && (unresolved || matterIn(text))) return true
  const matter = matterIn(text)
  if (!unresolved || !matter) return false
  const { guideId, matter: before } = conversation.memory.facts
  if (before && commonRun(before, matter).length < 2 && isStuck(text, matter)) return true
  const match = lookup.match(matter)
  return match.decision === 'answer' && guideId !== undefined && match.guides[0]?.id !== guideId
}

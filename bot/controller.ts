import { type Activity, BotAdapter, type ResourceResponse, TurnContext } from 'botbuilder-core'
import { Botkit, type BotkitMessage, type BotkitPlugin, BotWorker } from 'botkit'
import type { OutboundMessage } from '../channels/contract.ts'
import { inLoop } from './loop.ts'
import { apologize, readChoice, settle, silence } from './manners.ts'
import { askSafety } from './safety.ts'
import type { Lookup, Skill, Turn, TurnInput } from './turn.ts'

export type Controller = { readonly respond: (input: TurnInput, lookup: Lookup) => Promise<Turn> }

/** Calls `expire` after `ms` unless stopped; the shell's clock, so that tests need not wait. */
export type Watch = (ms: number, expire: () => void) => () => void

export type ControllerOptions = {
  /** How long a turn may take before the citizen hears an apology and a person is called. */
  readonly patienceMs?: number
  readonly watch?: Watch
  readonly plugins?: readonly BotkitPlugin[]
}

/** What one turn knows; it travels in the turn's context, so turns of different conversations cannot mix. */
type Scope = { input: TurnInput; readonly lookup: Lookup; readonly sent: OutboundMessage[]; ranking: readonly Ranked[]; turn?: Turn }
type Ranked = { readonly skill: Skill; readonly claim: number }
type Middleware = (bot: BotWorker, message: BotkitMessage, next?: (fault?: unknown) => void) => unknown

const scopeKey = Symbol('turn')
const self = { id: 'bot', name: '' }

/**
 * The outer turn is Botkit's: middleware ingest → receive → interrupts → event → send. The place in a flow is our own `Focus`,
 * so there is no dialog set and no Bot Framework state.
 */
export function createController(skills: readonly Skill[], options: ControllerOptions = {}): Controller {
  const adapter = new Outbox()
  const bot = new Bot({ adapter, disable_webserver: true, disable_console: true })
  bot.usePlugin(conduct(skills))
  for (const plugin of options.plugins ?? []) bot.usePlugin(plugin)
  const watch = options.watch ?? timer
  const patienceMs = options.patienceMs ?? 4000

  const respond = async (given: TurnInput, lookup: Lookup): Promise<Turn> => {
    if (given.conversation.owner.kind === 'staff') return silence(given)
    const { input, turn } = inLoop(given)
    if (turn) return turn
    const scope: Scope = { input, lookup: { ...lookup, match: onceEach(lookup.match) }, sent: [], ranking: [] }
    try {
      await within(patienceMs, watch, bot.handleTurn(contextOf(adapter, scope)))
      if (!scope.turn) throw new Error('no skill answered')
      return { ...scope.turn, replies: scope.sent.slice() }
    } catch (fault) {
      return apologize(input, fault)
    }
  }
  return { respond }
}

/** Botkit's plugin that runs our skills: normalise on ingest, rank on receive, interrupts first, then the best claim, manners on send. */
function conduct(skills: readonly Skill[]): BotkitPlugin {
  const answer = async (worker: BotWorker, scope: Scope, ranking: readonly Ranked[]): Promise<boolean> => {
    for (const { skill } of ranking) {
      const answered = await skill.respond(scope.input, scope.lookup)
      if (!answered) continue
      const turn = askSafety(scope.input, settle(scope.input, answered))
      for (const message of turn.replies) await worker.say({ type: 'message', channelData: { message } })
      scope.turn = turn
      return true
    }
    return false
  }
  return {
    name: 'skills',
    middlewares: {
      ingest: [
        (_: BotWorker, message: BotkitMessage) => {
          const scope = scopeOf(message)
          scope.input = knownFocus(readChoice(scope.input), skills)
        },
      ],
      receive: [
        (_: BotWorker, message: BotkitMessage) => {
          const scope = scopeOf(message)
          scope.ranking = rank(skills, scope)
        },
      ],
    },
    init: (bot) => {
      const urgent = (message: BotkitMessage) => scopeOf(message).ranking.filter((each) => each.claim >= 1)
      bot.interrupts(
        async (message) => urgent(message).length > 0,
        'message',
        (worker, message) => answer(worker, scopeOf(message), scopeOf(message).ranking),
      )
      bot.on('message', (worker, message) => answer(worker, scopeOf(message), scopeOf(message).ranking))
    },
  }
}

/** Several skills may look for the same words in one turn; the search is the dearest part of it. */
function onceEach(match: Lookup['match']): Lookup['match'] {
  const found = new Map<string, ReturnType<Lookup['match']>>()
  return (text) => {
    const known = found.get(text) ?? match(text)
    found.set(text, known)
    return known
  }
}

function rank(skills: readonly Skill[], { input, lookup }: Scope): readonly Ranked[] {
  return skills
    .map((skill) => ({ skill, claim: skill.claim(input, lookup.match) }))
    .filter((each) => each.claim > 0)
    .sort((a, b) => b.claim - a.claim)
}

/** A focus that this release does not know (a deploy in the middle of a flow) is no focus; the facts stay in memory. */
function knownFocus(input: TurnInput, skills: readonly Skill[]): TurnInput {
  const { focus, ...conversation } = input.conversation
  if (!focus || skills.some((skill) => skill.name === focus.skill && skill.steps.includes(focus.step))) return input
  return { ...input, conversation }
}

function contextOf(adapter: BotAdapter, scope: Scope): TurnContext {
  const { conversation, content } = scope.input
  const activity: Partial<Activity> = {
    type: 'message',
    channelId: conversation.channel,
    serviceUrl: '',
    from: { id: conversation.personId, name: '' },
    recipient: self,
    conversation: { id: conversation.id, name: '', isGroup: false, conversationType: '' },
    text: content.kind === 'text' || content.kind === 'choice' ? content.text : '',
  }
  const context = new TurnContext(adapter, activity)
  context.turnState.set(scopeKey, scope)
  return context
}

function scopeOf(message: BotkitMessage): Scope {
  return scopeIn(message.context)
}

function scopeIn(context: TurnContext): Scope {
  const scope: Scope | undefined = context.turnState.get(scopeKey)
  if (!scope) throw new Error('a turn without its scope')
  return scope
}

/** Botkit 4.15 runs its middleware and handlers in promises that nobody awaits: a throw kills the process, a failing send never settles. */
class Bot extends Botkit {
  override async handleTurn(context: TurnContext): Promise<void> {
    const { activity } = context
    const worker = await this.spawn({ context, activity, reference: undefined })
    const message = {
      type: 'message',
      user: activity.from.id,
      text: activity.text,
      channel: activity.conversation.id,
      reference: TurnContext.getConversationReference(activity),
      incoming_message: activity,
      context,
    } as BotkitMessage
    await pass(this.middleware.ingest, worker, message)
    await pass(this.middleware.receive, worker, message)
    const handled = await this['listenForInterrupts'](worker, message)
    if (handled === false) await this.trigger('message', worker, message)
  }

  /** The stock one prints the error with the citizen's words and wraps it. */
  override async trigger(event: string, worker: BotWorker, message: BotkitMessage): Promise<void> {
    for (const handler of this['_events'][event] ?? []) if ((await handler.call(this, worker, message)) === false) return
  }
}

class Worker extends BotWorker {
  readonly #bot: Botkit
  readonly #context: TurnContext
  constructor(bot: Botkit, config: { context: TurnContext }) {
    super(bot, config)
    this.#bot = bot
    this.#context = config.context
  }
  override async say(message: Partial<BotkitMessage>): Promise<void> {
    await pass(this.#bot.middleware.send, this, message)
    await this.#context.sendActivity(message as Partial<Activity>)
  }
}

/** Collects what is said; the shell stores and delivers it. */
class Outbox extends BotAdapter {
  readonly name = 'outbox'
  readonly botkit_worker = Worker
  override async sendActivities(context: TurnContext, activities: readonly Partial<Activity>[]): Promise<ResourceResponse[]> {
    const { sent } = scopeIn(context)
    for (const activity of activities) sent.push(activity.channelData.message)
    return activities.map(() => ({ id: '' }))
  }
  override async updateActivity(): Promise<void> {
    throw new Error('a message that was sent stays as it is')
  }
  override async deleteActivity(): Promise<void> {
    throw new Error('a message that was sent stays')
  }
  override async continueConversation(): Promise<void> {
    throw new Error('turns start in respond() only')
  }
}

/** Runs a Ware's functions one after another; a throw, a rejection and next(fault) all end here. */
async function pass(ware: { readonly fns: readonly Middleware[] }, worker: BotWorker, message: Partial<BotkitMessage>): Promise<void> {
  for (const run of ware.fns) {
    if (run.length < 3) await run(worker, message as BotkitMessage)
    else
      await new Promise<void>((resolve, reject) => {
        const done = run(worker, message as BotkitMessage, (fault) => (fault ? reject(fault) : resolve()))
        Promise.resolve(done).catch(reject)
      })
  }
}

/** What comes after the time is up is dropped: its turn has its own outbox, which nobody reads any more. */
function within<T>(ms: number, watch: Watch, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = watch(ms, () => reject(new Error(`the turn took more than ${ms} ms`)))
    work.then(resolve, reject).finally(stop)
  })
}

const timer: Watch = (ms, expire) => {
  // biome-ignore lint/style/noRestrictedGlobals: a skill that hangs must not leave a citizen without an answer; no decision depends on this clock
  const handle = setTimeout(expire, ms)
  return () => clearTimeout(handle)
}

import type { Content } from '../../channels/contract.ts'
import { conversationById } from '../../prisma/conversations.ts'
import { survey } from '../../texts/bot.ts'
import { demo } from '../../texts/demo.ts'
import type { Desk } from '../desk.ts'
import type { Shell } from '../shell.ts'
import type { DemoCase } from './usual.ts'

/** A citizen at the assistant: answers what is asked, in their own words, until the case is registered. */
export type Citizen = {
  /** the conversation, and the case that came of it */
  readonly come: () => Promise<{ readonly conversationId: string; readonly ticketId: string | undefined }>
  readonly say: (text: string) => Promise<string>
  readonly rate: (answer: { readonly solved: string; readonly rating?: number; readonly reason?: string }) => Promise<void>
}

/** What somebody takes to read and type. */
const typingMs = 20_000
const mostTurns = 8

export function createCitizen(shell: Shell, desk: Desk, { key, channel, facts, tells, registers }: DemoCase, wait: (ms: number) => void): Citizen {
  // A text message comes from a phone number.
  const id = channel === 'sms' ? String(facts['phone']) : visitorOf(key)
  const { quota, replyWindowMs } = shell.channels.get(channel)?.limits ?? {}
  const opens = quota !== undefined && replyWindowMs !== undefined ? ({ by: 'words', messages: quota, ms: replyWindowMs } as const) : undefined
  let said = 0
  const send = async (content: Content): Promise<string> => {
    wait(typingMs)
    const message = { externalId: `${key}:${said++}`, sender: { channel, id }, content, sentAt: shell.now() }
    const { conversationId } = await desk.receive({ ...message, ...(opens && { opens }) })
    return conversationId
  }
  const say = (text: string): Promise<string> => send({ kind: 'text', text })
  const tap = (choices: readonly { value: string; text: string }[], value: string): Promise<string> => {
    const choice = choices.find((one) => one.value === value)
    if (!choice) throw new Error(`${key}: nobody offers ${value}`)
    return send({ kind: 'choice', ...choice })
  }
  const answers: Readonly<Record<string, string>> = {
    matter: String(facts['matter']),
    told: String(facts['told'] ?? demo.untold),
    name: demo.who(String(facts['name']), String(facts['phone'])),
  }
  return {
    say,
    come: async () => {
      let conversationId = ''
      for (const text of tells) conversationId = await say(text)
      for (let turn = 0; registers && turn < mostTurns; turn++) {
        const conversation = await conversationById(shell.db.read, shell.cipher, conversationId)
        const ticketId = conversation?.memory.ticketId
        if (ticketId !== undefined) return { conversationId, ticketId }
        const asking = conversation?.focus?.skill === 'intake' ? String(conversation.focus.slots['asking']) : undefined
        if (asking === undefined) await send({ kind: 'choice', value: 'door:cannot', text: demo.insist })
        else await say(answers[asking] ?? demo.untold)
      }
      if (registers) throw new Error(`${key}: no case came of the conversation`)
      return { conversationId, ticketId: undefined }
    },
    rate: async ({ solved, rating, reason }) => {
      await tap(survey.solved, `solved:${solved}`)
      if (reason !== undefined) await tap(survey.reasons, `reason:${reason}`)
      else if (rating !== undefined) await tap(survey.ratings, `rate:${rating}`)
    },
  }
}

export const visitorOf = (key: string): string => `demo-${key}`

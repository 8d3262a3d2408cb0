import type { Arrivals, Ended, Given, InboundMessage, Said } from '../channels/contract.ts'
import { DuplicateError } from '../prisma/committer.ts'
import { noteConsent } from '../prisma/consents.ts'
import { conversationOf, personIdOf } from '../prisma/conversations.ts'
import { noteFate } from '../prisma/deliveries.ts'
import { lastAskedAt } from '../prisma/jobs.ts'
import { forgetPerson } from '../prisma/persons.ts'
import type { Sql } from '../prisma/sql.ts'
import { staffIdOf } from '../prisma/staff.ts'
import { ticketById } from '../prisma/tickets.ts'
import { handBack, heardElsewhere, takeOver } from '../prisma/turns.ts'
import { delivery, handover, tasks } from '../texts/api.ts'
import { askDesk } from './cases.ts'
import { announce, type Desk, type Received } from './desk.ts'
import { allStaff } from './hub.ts'
import type { Shell } from './shell.ts'
import { sessionKey } from './workers/sessions.ts'

/**
 * Stores all that a platform has told. `also` goes into the transaction of what is stored last, so that the place up to which the platform was
 * read never runs ahead of its messages.
 */
export async function takeIn(
  shell: Shell,
  desk: Desk,
  { messages, fates = [], consents = [], gone = [], said = [], taken = [], ended = [] }: Arrivals,
  channel: string,
  also?: (sql: Sql) => Promise<void>,
): Promise<Received[]> {
  for (const { channel, id } of gone) await forget(shell, desk, personIdOf(channel, id))
  if (fates.length > 0)
    await shell.commit(async (sql) => {
      for (const fate of fates) await noteFate(sql, channel, fate, shell.now())
    })
  if (consents.length > 0)
    await shell.commit(async (sql) => {
      for (const { person, form, given } of consents) await noteConsent(sql, { personId: personIdOf(person.channel, person.id), form, given }, shell.now())
    })
  for (const one of said) await noteSaid(shell, one)
  for (const one of taken) await giveTo(shell, one)
  const stored = await messagesIn(desk, messages, ended.length === 0 ? also : undefined)
  for (const one of ended) await endSession(shell, desk, one)
  if (also && (messages.length === 0 || ended.length > 0 || stored.at(-1)?.repeated)) await shell.commit(also)
  return stored
}

/** One person's messages one after another; those of several side by side, when no place is kept. */
async function messagesIn(desk: Desk, messages: readonly InboundMessage[], also: ((sql: Sql) => Promise<void>) | undefined): Promise<Received[]> {
  if (!also) return Promise.all(messages.map((message) => desk.receive(message)))
  const stored: Received[] = []
  for (const message of messages.slice(0, -1)) stored.push(await desk.receive(message))
  const last = messages.at(-1)
  if (last) stored.push(await desk.receive(last, also))
  return stored
}

/** Deletes the talk of somebody who has left or asked for it; cases stay, and what still waits to be told is left to the desk. */
export async function forget(shell: Shell, desk: Desk, personId: string): Promise<void> {
  await shell.mailbox.run(personId, async () => {
    const at = shell.now()
    await shell.commit(async (sql) => {
      const forgotten = await forgetPerson(sql, personId, at)
      for (const { key, ticketId } of forgotten?.waiting ?? []) {
        const ticket = ticketId === undefined ? undefined : await ticketById(sql, shell.cipher, ticketId)
        await askDesk(sql, ticket ?? { id: undefined }, key, ticket ? tasks.undeliverable(ticket.number) : tasks.leftChat, at)
      }
    })
    desk.forget(personId)
  })
  shell.staff.tell(allStaff, { type: 'conversation', id: personId })
}

/** Words of an agent in the platform's own program stand in the conversation, and are not sent again. */
async function noteSaid(shell: Shell, { to, by, externalId, text }: Said): Promise<void> {
  const conversation = await conversationOf(shell.db.read, shell.cipher, personIdOf(to.channel, to.id))
  if (!conversation) return
  try {
    announce(shell, await shell.commit((sql) => heardElsewhere(sql, shell.cipher, conversation.id, { by, externalId, text, at: shell.now() })), [])
  } catch (fault) {
    if (!(fault instanceof DuplicateError)) throw fault
  }
}

/** The platform has given the conversation to an agent: the bot is silent. Whom it cannot name is left to the platform. */
async function giveTo(shell: Shell, { person, agent, by }: Given): Promise<void> {
  const conversation = await conversationOf(shell.db.read, shell.cipher, personIdOf(person.channel, person.id))
  const staffId = agent === undefined ? undefined : await staffIdOf(shell.db, agent)
  if (!conversation || staffId === undefined) return shell.log.warn({ channel: person.channel, agent: by }, 'agent of the platform is nobody of the desk')
  const staffName = shell.names.get(staffId) ?? delivery.agent
  const turn = await shell.commit((sql) =>
    takeOver(sql, shell.cipher, conversation.id, { staffId, staffName, at: shell.now(), text: handover.taken(staffName) }),
  )
  if (turn) announce(shell, turn, [])
}

/** The platform has ended a person's session: the bot is there again, and asks whether it helped. */
async function endSession(shell: Shell, desk: Desk, { person, externalId, at, code }: Ended): Promise<void> {
  const personId = personIdOf(person.channel, person.id)
  const conversation = await conversationOf(shell.db.read, shell.cipher, personId)
  if (conversation?.owner.kind === 'staff') {
    const { staffId } = conversation.owner
    // What is heard late of a session before is not the end of this one.
    const since = (await lastAskedAt(shell.db.read, sessionKey(conversation.id))) ?? 0
    if (at < Math.floor(since / 1_000) * 1_000) return
    const by = { staffId, staffName: shell.names.get(staffId) ?? '', at: shell.now(), text: handover.returned(shell.names.get(staffId) ?? delivery.agent) }
    await shell.commit((sql) => handBack(sql, shell.cipher, conversation.id, by, { ...conversation.memory, misses: 0, offered: [] }))
    desk.forget(personId)
  }
  await desk.receive({ externalId, sender: person, content: { kind: 'event', event: 'ended', ...(code === undefined ? {} : { code }) }, sentAt: shell.now() })
}

import { changedConversations, conversationById } from '../prisma/conversations.ts'
import { lookedAt } from '../prisma/presence.ts'
import { changedTickets } from '../prisma/tickets.ts'
import { allStaff } from './hub.ts'
import { tellPresence, tellSeen } from './presence.ts'
import type { Shell } from './shell.ts'

/** The clocks of two processes may differ by so much, and a commit may take so long, before a change is seen late. */
const overlapMs = 10_000

/**
 * Several processes work on one database, and none hears of what the others store: this looks for it, so that a citizen's and a clerk's page
 * show within a second what happened elsewhere. Nothing is lost without it: pages read again when they connect.
 */
export function createWatch(shell: Shell): { readonly look: () => Promise<number> } {
  const isNew = (id: string, version: number): boolean => {
    if ((shell.told.get(id) ?? 0) >= version) return false
    shell.told.set(id, version)
    return true
  }
  const looked = new Map<string, number>()
  const tellLookers = async (since: number): Promise<void> => {
    const rows = await lookedAt(shell.db.read, since)
    for (const { conversationId, at } of rows) {
      if ((looked.get(conversationId) ?? 0) >= at) continue
      looked.set(conversationId, at)
      await tellPresence(shell, conversationId)
      await tellSeen(shell, conversationId)
    }
    for (const id of looked.keys()) if (!rows.some((row) => row.conversationId === id)) looked.delete(id)
  }
  return {
    look: async () => {
      const since = shell.now() - overlapMs
      const [conversations, tickets] = await Promise.all([changedConversations(shell.db.read, since), changedTickets(shell.db.read, since)])
      const moved = conversations.filter(({ id, version }) => isNew(id, version))
      for (const { id, personId } of moved) {
        shell.staff.tell(allStaff, { type: 'conversation', id })
        const conversation = shell.chats.listeners(personId) > 0 ? await conversationById(shell.db.read, shell.cipher, id) : undefined
        // Without messages: the page sees by the state that it lacks some, and asks for them.
        if (conversation) shell.chats.tell(personId, { conversation, messages: [] })
      }
      const changed = tickets.filter(({ id, version }) => isNew(id, version))
      for (const { id } of changed) shell.staff.tell(allStaff, { type: 'ticket', id })
      await tellLookers(since)
      const recent = new Set([...conversations, ...tickets].map(({ id }) => id))
      for (const id of shell.told.keys()) if (!recent.has(id)) shell.told.delete(id)
      return moved.length + changed.length
    },
  }
}

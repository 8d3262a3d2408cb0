import { conversationById, conversationOf, markSeen, seenByCitizen } from '../prisma/conversations.ts'
import { forgetWindow, noteWindow, windowsOf } from '../prisma/presence.ts'
import type { LiveFrame } from './contract.ts'
import { allStaff } from './hub.ts'
import type { Shell } from './shell.ts'

/** A window that has not been heard of for so long is gone; it tells of itself every 20 seconds. */
export const goneAfterMs = 45_000
/** Whoever types says so every four seconds. */
export const typingForMs = 9_000

type Look = { readonly typing: boolean /** the messages up to here are on the screen */; readonly seen?: number | undefined }

/**
 * Who looks at a conversation, who types in it, and what each side has read of it. It goes through the database, so that windows at other processes are seen as well, at most
 * a second later; a failure costs a hint and nothing else.
 */
export async function lookAt(
  shell: Shell,
  window: { readonly windowId: string; readonly staffId: string | null },
  conversationId: string,
  { typing, seen }: Look,
): Promise<void> {
  await quietly(shell, async () => {
    const read = await shell.db.write(async (sql) => {
      await noteWindow(sql, { ...window, conversationId, typing, at: shell.now() })
      return seen !== undefined && (await markSeen(sql, window.staffId === null ? 'citizen' : 'staff', conversationId, seen))
    })
    await tellPresence(shell, conversationId)
    if (read && window.staffId !== null) await tellSeen(shell, conversationId)
  })
}

/** That a person of the office has read on: by the state alone, the messages are there. */
export async function tellSeen(shell: Shell, conversationId: string): Promise<void> {
  const conversation = await conversationById(shell.db.read, shell.cipher, conversationId)
  if (conversation) shell.chats.tell(conversation.personId, { conversation, messages: [] })
}

export async function lookAway(shell: Shell, windowId: string, conversationId: string): Promise<void> {
  await quietly(shell, async () => {
    await shell.db.write((sql) => forgetWindow(sql, windowId))
    await tellPresence(shell, conversationId)
  })
}

/** The citizen types: told where a person serves or is waited for. */
export async function citizenTypes(shell: Shell, personId: string): Promise<void> {
  await quietly(shell, async () => {
    const conversation = await conversationOf(shell.db.read, shell.cipher, personId)
    if (conversation?.owner.kind === 'staff' || conversation?.queuedAt !== undefined)
      await lookAt(shell, { windowId: `citizen:${personId}`, staffId: null }, conversation.id, { typing: true })
  })
}

/** The citizen has what staff said on the screen. */
export async function citizenSaw(shell: Shell, personId: string, seen: number): Promise<void> {
  await quietly(shell, async () => {
    const conversation = await conversationOf(shell.db.read, shell.cipher, personId)
    if (conversation) await lookAt(shell, { windowId: `citizen:${personId}`, staffId: null }, conversation.id, { typing: false, seen })
  })
}

/** Tells the windows of this process, and the citizen that a member of staff types; one telling after another, so that what was read last is told last. */
export async function tellPresence(shell: Shell, conversationId: string): Promise<void> {
  await shell.mailbox.run(`presence ${conversationId}`, async () => {
    const frame = await presenceOf(shell, conversationId)
    shell.staff.tell(allStaff, frame)
    if (!frame.people.some(({ typing }) => typing)) return
    const conversation = await conversationById(shell.db.read, shell.cipher, conversationId)
    if (conversation?.owner.kind === 'staff') shell.typing.tell(conversation.personId, 'staff')
  })
}

export async function presenceOf(shell: Shell, conversationId: string): Promise<Extract<LiveFrame, { type: 'presence' }>> {
  const now = shell.now()
  const [windows, seen] = await Promise.all([windowsOf(shell.db.read, conversationId, now - goneAfterMs), seenByCitizen(shell.db.read, conversationId)])
  const isTyping = ({ typing, at }: { readonly typing: boolean; readonly at: number }) => typing && now - at < typingForMs
  const staff = windows.filter(({ staffId }) => staffId !== null)
  const people = [...new Set(staff.map(({ staffId }) => staffId ?? ''))].map((id) => {
    const theirs = staff.filter((one) => one.staffId === id)
    return { id, name: shell.names.get(id) ?? '', windows: theirs.length, typing: theirs.some(isTyping) }
  })
  const citizenTypes = windows.some((one) => one.staffId === null && isTyping(one))
  return { type: 'presence', id: conversationId, people, citizenTypes, seen }
}

async function quietly(shell: Shell, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (fault) {
    shell.log.warn({ err: fault }, 'presence not told')
  }
}

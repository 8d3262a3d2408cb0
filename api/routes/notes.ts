import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { areas } from '../../casework/areas.ts'
import { initials } from '../../nlp/pinyin.ts'
import { conversationById } from '../../prisma/conversations.ts'
import { addNote, type NotePlace } from '../../prisma/notes.ts'
import { personalNotice } from '../../prisma/notices.ts'
import { readSetting, replaceSetting } from '../../prisma/settings.ts'
import { allStaff as people, type StaffMember } from '../../prisma/staff.ts'
import { problems } from '../../texts/api.ts'
import { defaultPhrases, noteNotices } from '../../texts/talk.ts'
import type { NoteView, PhraseView } from '../contract.ts'
import { allStaff } from '../hub.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import { refuseHiddenTalk } from '../secrecy.ts'
import type { Server } from '../server.ts'
import { noteAudit, staffOf } from '../session.ts'
import { noteViews } from '../talk.ts'
import { visibleTicket } from './tickets.ts'

const idOf = z.object({ id: z.string().max(100) })
const noteBody = z.object({ id: z.string().min(8).max(64), text: z.string().trim().min(1).max(2_000) })
const phraseBody = z.object({ version: z.number().int().min(0), rows: z.array(z.string().trim().min(1).max(500)).max(200) })
type Phrases = { readonly version: number; readonly rows: readonly PhraseView[] }

/** What the desk says among itself about a conversation or a case, and what it says often. */
export function deskNoteRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.post('/api/staff/conversations/:id/notes', { config: { body: noteBody } }, async (request): Promise<{ readonly rows: readonly NoteView[] }> => {
    const staff = await staffOf(server, request, areas.talk)
    const { id } = parse(idOf, request.params)
    await refuseHiddenTalk(shell, staff, id)
    if (!(await conversationById(shell.db.read, shell.cipher, id))) throw new ProblemError('notFound', problems.notFound)
    await note(server, { conversationId: id }, parse(noteBody, request.body), staff)
    shell.staff.tell(allStaff, { type: 'conversation', id })
    return { rows: await noteViews(shell, { conversationId: id }, staff) }
  })

  app.get('/api/staff/tickets/:id/notes', async (request): Promise<{ readonly rows: readonly NoteView[] }> => {
    const staff = await staffOf(server, request)
    const ticket = await visibleTicket(server, parse(idOf, request.params).id, staff)
    return { rows: await noteViews(shell, { ticketId: ticket.id }, staff) }
  })

  app.post('/api/staff/tickets/:id/notes', { config: { body: noteBody } }, async (request): Promise<{ readonly rows: readonly NoteView[] }> => {
    const staff = await staffOf(server, request)
    const ticket = await visibleTicket(server, parse(idOf, request.params).id, staff)
    await note(server, { ticketId: ticket.id }, parse(noteBody, request.body), staff, ticket.number)
    shell.staff.tell(allStaff, { type: 'ticket', id: ticket.id })
    return { rows: await noteViews(shell, { ticketId: ticket.id }, staff) }
  })

  app.get('/api/staff/phrases', async (request): Promise<Phrases> => {
    await staffOf(server, request, areas.talk)
    return phrases(server)
  })

  app.post('/api/staff/phrases', { config: { body: phraseBody } }, async (request): Promise<Phrases> => {
    const staff = await staffOf(server, request, areas.phrases)
    const { version, rows } = parse(phraseBody, request.body)
    const isReplaced = await shell.db.write((sql) => replaceSetting(sql, 'phrases', { version, value: rows, by: staff.id, now: shell.now() }))
    if (!isReplaced) throw new ProblemError('stale', problems.stale)
    await noteAudit(server, staff.id, 'phrases edited', `version ${version + 1}`)
    return phrases(server)
  })
}

async function phrases({ shell }: Server): Promise<Phrases> {
  const kept = await readSetting<readonly string[]>(shell.db.read, 'phrases')
  const rows = kept?.value ?? defaultPhrases
  return { version: kept?.version ?? 0, rows: rows.map((text) => ({ text, initials: initials(text) })) }
}

/** Stores the note, and tells those who are named in it with an @. */
async function note({ shell }: Server, place: NotePlace, { id, text }: z.output<typeof noteBody>, staff: StaffMember, number?: string): Promise<void> {
  const at = shell.now()
  const named = (await people(shell.db)).filter((one) => !one.disabled && one.id !== staff.id && text.includes(`@${one.name}`))
  const said = number === undefined ? noteNotices.inTalk(staff.name, text) : noteNotices.onCase(staff.name, number, text)
  await shell.commit(async (sql) => {
    await addNote(sql, shell.cipher, place, { id, staffId: staff.id, at, text })
    const notices = named.map((one) => personalNotice({ uniqueKey: `mention:${id}:${one.id}`, to: { staffId: one.id }, about: place, text: said, at }))
    await sql.insert('Notice', notices, 'unless exists')
  })
}

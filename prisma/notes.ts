import type { Cipher } from './cipher.ts'
import type { Sql } from './sql.ts'

/** What a note belongs to. */
export type NotePlace = { readonly conversationId: string } | { readonly ticketId: string }
export type Note = { readonly id: string; readonly staffId: string; readonly at: number; readonly text: string }

type NoteRow = { readonly id: string; readonly staffId: string; readonly at: number; readonly sealed: string }

const most = 200

/** Oldest first, the latest 200. */
export async function notesOf(read: Sql, cipher: Cipher, place: NotePlace): Promise<Note[]> {
  const [column, id] = 'ticketId' in place ? ['ticketId', place.ticketId] : ['conversationId', place.conversationId]
  const rows = await read.all<NoteRow>(`SELECT id, "staffId", at, sealed FROM "Note" WHERE "${column}" = ? ORDER BY at DESC, id LIMIT ${most}`, [id ?? ''])
  return rows.reverse().map(({ sealed, ...note }) => ({ ...note, text: cipher.open<string>(sealed, `Note/${note.id}`) }))
}

/** Under its own key: the same note sent again stores nothing. */
export async function addNote(sql: Sql, cipher: Cipher, place: NotePlace, { text, ...note }: Note): Promise<void> {
  const where = { conversationId: 'conversationId' in place ? place.conversationId : null, ticketId: 'ticketId' in place ? place.ticketId : null }
  await sql.insert('Note', [{ ...note, ...where, sealed: cipher.seal(text, `Note/${note.id}`) }], 'unless exists')
}

import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { areas } from '../../casework/areas.ts'
import { offers } from '../../casework/offers.ts'
import { placeInTalk } from '../../prisma/attachments.ts'
import { conversationById } from '../../prisma/conversations.ts'
import { type CommittedTurn, staffSay } from '../../prisma/turns.ts'
import { problems } from '../../texts/api.ts'
import { fileNotes, fileProblems } from '../../texts/files.ts'
import type { FileView } from '../contract.ts'
import { announce } from '../desk.ts'
import { keepFile } from '../files/keep.ts'
import { fileView } from '../files/link.ts'
import { allStaff } from '../hub.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import { refuseHiddenTalk } from '../secrecy.ts'
import type { Server } from '../server.ts'
import { actorOf, noteAudit, staffOf } from '../session.ts'
import { bytesOf, takeBytes, upload } from './files.ts'
import { visibleTicket } from './tickets.ts'

const idOf = z.object({ id: z.string().max(100) })

/** Photos, scans and papers that staff add to a case, or send in a talk. The body is the file itself. */
export function deskFileRoutes(app: FastifyInstance, server: Server): void {
  const { shell, links } = server
  void app.register(async (scope) => {
    takeBytes(scope)

    scope.post('/api/staff/tickets/:id/files', { config: { query: upload } }, async (request): Promise<FileView> => {
      const staff = await staffOf(server, request)
      const ticket = await visibleTicket(server, parse(idOf, request.params).id, staff)
      if (offers(ticket, actorOf(staff), shell.knowledge.current().office).length === 0) throw new ProblemError('refused', fileProblems.mayNot, 'access')
      const { key, name } = parse(upload, request.query)
      const kept = await keepFile(shell, {
        channel: 'desk',
        key: `${staff.id}:${key}`,
        bytes: bytesOf(request),
        name,
        owner: { ticketId: ticket.id },
        staffId: staff.id,
      })
      await noteAudit(server, staff.id, fileNotes.added, `${kept.id} ${ticket.id}`)
      shell.staff.tell(allStaff, { type: 'ticket', id: ticket.id })
      return { ...fileView(kept, `staff:${staff.id}`, links, shell.now()), by: staff.name }
    })

    scope.post('/api/staff/conversations/:id/files', { config: { query: upload } }, async (request): Promise<FileView> => {
      const staff = await staffOf(server, request, areas.talk)
      const { id } = parse(idOf, request.params)
      await refuseHiddenTalk(shell, staff, id)
      const conversation = await conversationById(shell.db.read, shell.cipher, id)
      if (!conversation) throw new ProblemError('notFound', problems.notFound)
      if (conversation.channel !== 'web') throw new ProblemError('refused', fileProblems.onlyHere, 'channel')
      const { key, name } = parse(upload, request.query)
      const { personId, memory } = conversation
      let turn: CommittedTurn | undefined
      const kept = await keepFile(shell, {
        channel: 'desk',
        key: `${staff.id}:${key}`,
        bytes: bytesOf(request),
        name,
        owner: { personId },
        staffId: staff.id,
        // Said when it is stored, or neither: whoever does not own the talk any more sends nothing.
        also: async (sql, file) => {
          await placeInTalk(sql, file.id, { conversationId: id, personId }, memory.ticketId)
          const by = { staffId: staff.id, staffName: staff.name, at: shell.now(), text: file.name }
          turn = await staffSay(sql, shell.cipher, id, by, [{ ref: file.id, name: file.name, media: file.media === 'image' ? 'image' : 'file' }])
          if (!turn) throw new ProblemError('notYours', problems.notYours)
        },
      })
      if (turn) announce(shell, turn, [])
      return fileView(kept, `staff:${staff.id}`, links, shell.now())
    })
  })
}

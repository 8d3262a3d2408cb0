import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import { seenBy } from '../../casework/access.ts'
import { areasOf } from '../../casework/areas.ts'
import type { StaffMember } from '../../prisma/staff.ts'
import { ticketById } from '../../prisma/tickets.ts'
import { problems } from '../../texts/api.ts'
import type { LiveFrame, StaffFrame } from '../contract.ts'
import { allStaff } from '../hub.ts'
import { lookAt, lookAway } from '../presence.ts'
import { ProblemError } from '../problems.ts'
import { hiddenTalks } from '../secrecy.ts'
import type { Server } from '../server.ts'
import { actorOf, sessionOf } from '../session.ts'
import { newId, type Shell } from '../shell.ts'
import { createRate } from '../sockets.ts'

/** A heartbeat every 20 s, and one every 4 s while something is typed. */
const looksPerMinute = 60
const look: z.ZodType<StaffFrame> = z.object({
  type: z.literal('look'),
  id: z.string().max(100).optional(),
  typing: z.boolean(),
  seen: z.number().int().min(0).optional(),
})
/** So long after a logout, here or at another process, a console may still be told something. */
const sessionHoldsMs = 1_000
/** https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1: policy violation */
const loggedOut = 1008

/** The live hints of the console: what has changed of all that its person may see. */
export function liveRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server
  const preValidation = async (request: FastifyRequest): Promise<void> => {
    if (!(await sessionOf(server, request))) throw new ProblemError('loginRequired', problems.loginRequired)
  }

  app.get('/api/staff/live', { websocket: true, preValidation }, (socket, request) => {
    server.sockets.admit(socket)
    socket.on('close', shell.staff.listen(allStaff, hints(server, request, socket)))
    watchWindow(server, request, socket)
    server.sockets.send(socket, { type: 'hello', online: shell.staff.listeners(allStaff) } satisfies LiveFrame)
  })
}

/** Tells a console what may concern its person, as long as the person is logged in. */
function hints(server: Server, request: FastifyRequest, socket: WebSocket): (frame: LiveFrame) => void {
  const { shell } = server
  let known: { readonly staff: StaffMember | undefined; readonly at: number } | undefined
  const tell = async (frame: LiveFrame): Promise<void> => {
    const at = shell.now()
    if (known === undefined || Math.abs(at - known.at) > sessionHoldsMs) known = { staff: await sessionOf(server, request, false), at }
    if (!known.staff) socket.close(loggedOut)
    else if (await mayHear(server, known.staff, frame)) server.sockets.send(socket, frame)
  }
  return (frame) => void tell(frame).catch((fault) => shell.log.warn({ err: fault }, 'hint not given'))
}

async function mayHear({ shell }: Server, staff: StaffMember, frame: LiveFrame): Promise<boolean> {
  if (frame.type === 'hello') return true
  if (frame.type !== 'ticket') return mayTalk(shell, staff, frame.id)
  const ticket = await ticketById(shell.db.read, shell.cipher, frame.id)
  return ticket !== undefined && seenBy(ticket, actorOf(staff), shell.knowledge.current().office) !== undefined
}

const mayTalk = async (shell: Shell, staff: StaffMember, id = ''): Promise<boolean> =>
  areasOf(staff.roles).includes('talk') && !(await hiddenTalks(shell, staff, [id])).has(id)

/** Notes which conversation this window shows, as long as it is open. */
function watchWindow(server: Server, request: FastifyRequest, socket: WebSocket): void {
  const { shell } = server
  const windowId = newId()
  const rate = createRate(looksPerMinute, shell.now)
  let shown: string | undefined
  socket.on('message', async (data) => {
    const frame = frameOf(String(data))
    const staff = frame && rate.take() ? await sessionOf(server, request).catch(() => undefined) : undefined
    if (!frame || !staff || !(await mayTalk(shell, staff, frame.id).catch(() => false))) return
    if (shown !== undefined && shown !== frame.id) await lookAway(shell, windowId, shown)
    shown = frame.id
    if (frame.id !== undefined) await lookAt(shell, { windowId, staffId: staff.id }, frame.id, frame)
  })
  socket.on('close', () => {
    if (shown !== undefined) void lookAway(shell, windowId, shown)
  })
}

function frameOf(data: string): StaffFrame | undefined {
  try {
    return look.safeParse(JSON.parse(data)).data
  } catch {
    return undefined
  }
}

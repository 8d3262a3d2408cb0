import type { Instant } from '../../casework/ticket.ts'
import type { Attachment } from '../../prisma/attachments.ts'
import type { FileView } from '../contract.ts'
import type { Signer } from '../tokens.ts'

/** Long enough to load a picture on a slow line, too short to be passed round. */
const linkMs = 5 * 60_000

const signed = (id: string, viewer: string, until: string): string => JSON.stringify([id, viewer, until])

/** How a file is shown to one viewer, `staff:ID` or `person:ID`; only a file that was found clean has a link. */
export function fileView({ id, media, name, bytes, createdAt, state }: Attachment, viewer: string, links: Signer, now: Instant): FileView {
  const until = String(now + linkMs)
  const query = new URLSearchParams({ viewer, until, signature: links.sign(signed(id, viewer, until)) })
  return { id, media, name, bytes, at: createdAt, state, ...(state === 'ready' ? { url: `/api/files/${id}/content?${query}` } : {}) }
}

export type Link = { readonly viewer: string; readonly until: string; readonly signature: string }

export const linkHolds = (id: string, { viewer, until, signature }: Link, links: Signer, now: Instant): boolean =>
  links.holds(signed(id, viewer, until), signature) && Number(until) > now

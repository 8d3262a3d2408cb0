import { randomUUID } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import type { FileView, Problem } from '../../api/contract.ts'
import { visitorCookie } from './chat.ts'

/** A photograph as a phone makes it: with place and camera, lying on its side. */
export const photo = (width = 400, height = 300): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: '#c33' } })
    .withExif({ IFD0: { Make: 'SpyPhone', Copyright: 'secret' }, IFD3: { GPSLatitude: '36/1 5/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()

/** The least that is a PDF; `more` goes into its catalogue, `after` behind its end. */
export function paper(more = '', after = ''): Buffer {
  const objects = [`<</Type/Catalog/Pages 2 0 R ${more}>>`, '<</Type/Pages/Kids[3 0 R]/Count 1>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>']
  const body = objects.map((object, index) => `${index + 1} 0 obj\n${object}\nendobj\n`).join('')
  return Buffer.from(`%PDF-1.7\n${body}trailer<</Root 1 0 R/Size 4>>\nstartxref\n0\n%%EOF\n${after}`, 'latin1')
}

/** A PDF that hides an object in a packed stream. */
export function packedPaper(object: string): Buffer {
  const pack = deflateSync(Buffer.from(object))
  const head = `%PDF-1.7\n4 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length ${pack.length}>>\nstream\n`
  return Buffer.concat([Buffer.from(head), pack, Buffer.from('\nendstream\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')])
}

export type Sent = { readonly status: number; readonly body: FileView & Problem }

/** Uploads as the page does. */
export async function send(url: string, cookie: string, bytes: Buffer, name: string, key: string = randomUUID()): Promise<Sent> {
  const answer = await fetch(`${url}/api/files?${new URLSearchParams({ key, name })}`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  })
  return { status: answer.status, body: (await answer.json()) as Sent['body'] }
}

export const newVisitor = visitorCookie

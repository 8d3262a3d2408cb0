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

/** Two seconds of a tone, as WAV. */
export function wave(): Buffer {
  const [rate, length] = [8_000, 16_000]
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(rate, 28)
  head.writeUInt16LE(1, 32)
  head.writeUInt16LE(8, 34)
  head.write('data', 36)
  head.writeUInt32LE(length, 40)
  return Buffer.concat([head, Buffer.from(Array.from({ length }, (_, at) => 128 + Math.round(60 * Math.sin(at / 3))))])
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

/** The same by somebody of the office, to a case (`tickets/ID`) or in a talk (`conversations/ID`). */
export async function add(url: string, cookie: string, to: string, bytes: Buffer, name: string, key: string = randomUUID()): Promise<Sent> {
  const answer = await fetch(`${url}/api/staff/${to}/files?${new URLSearchParams({ key, name })}`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/octet-stream', 'x-bandecheng': '1' },
    body: new Uint8Array(bytes),
  })
  return { status: answer.status, body: (await answer.json()) as Sent['body'] }
}

export const newVisitor = visitorCookie

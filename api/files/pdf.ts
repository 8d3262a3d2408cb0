import { inflateSync } from 'node:zlib'

/** What a scan or a printed form never has, and an attack does: programs, other files, forms of Adobe's own kind, calls to the outside. */
const active = /\/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToR|GoToE)(?![A-Za-z0-9])/
const archive = Buffer.from('PK\u0003\u0004')
const end = Buffer.from('%%EOF')
/** Objects packed together unpack to this at most each, and this many are looked into. */
const largestPack = 8 * 1024 * 1024
const mostPacks = 2_000

/** Why a PDF is not taken, or undefined. It is a look at the surface and into packed objects; the scanner of the office looks deeper. */
export function pdfFault(bytes: Buffer): 'brokenPdf' | 'lockedPdf' | 'activePdf' | undefined {
  const atEnd = bytes.lastIndexOf(end)
  // Whatever stands before the head or long after the end makes the file something else as well.
  if (bytes.toString('latin1', 0, 5) !== '%PDF-' || atEnd < 0 || bytes.length - atEnd > 1_024 || bytes.indexOf(archive) >= 0) return 'brokenPdf'
  const text = bytes.toString('latin1')
  if (/\/Encrypt(?![A-Za-z0-9])/.test(text)) return 'lockedPdf'
  const head = plainNames(withoutStreams(text))
  if (active.test(head)) return 'activePdf'
  try {
    return packs(bytes, text).some((pack) => active.test(plainNames(pack))) ? 'activePdf' : undefined
  } catch {
    return 'brokenPdf'
  }
}

/** A name may be written with codes: /J#61vaScript. */
const plainNames = (text: string): string => text.replace(/#([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))

const withoutStreams = (text: string): string => text.replace(/\bstream\r?\n[\s\S]*?\bendstream\b/g, 'stream endstream')

/** The texts of objects that are packed in streams of type ObjStm. @throws Error for one that is broken or a bomb */
function packs(bytes: Buffer, text: string): string[] {
  const found: string[] = []
  const pattern = /\/Type\s*\/ObjStm\b[^>]*?(?:>>|>)\s*stream\r?\n/g
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    if (found.length === mostPacks) throw new Error('too many packed objects')
    const stop = text.indexOf('endstream', pattern.lastIndex)
    if (stop < 0) throw new Error('a stream without end')
    const dictionary = text.slice(Math.max(0, text.lastIndexOf('obj', match.index)), pattern.lastIndex)
    const body = bytes.subarray(pattern.lastIndex, stop)
    found.push(/FlateDecode/.test(dictionary) ? inflateSync(body, { maxOutputLength: largestPack }).toString('latin1') : body.toString('latin1'))
  }
  return found
}

import { fileTypeFromBuffer } from 'file-type'
import sharp from 'sharp'
import type { AttachmentMedia } from '../../prisma/attachments.ts'
import { fileNotes, fileProblems } from '../../texts/files.ts'
import { ProblemError } from '../problems.ts'
import { pdfFault } from './pdf.ts'

/** A file as it may be kept: pictures are our own encoding of what was sent, without anything that was hidden in them. */
export type CheckedFile = { readonly media: AttachmentMedia; readonly type: string; readonly name: string; readonly bytes: Buffer }

export const largestFile = 20 * 1024 * 1024
/** Phones take 12 to 50 million pixels; beyond that a small file unpacks to more memory than a server has to spare. */
const mostPixels = 64_000_000
/** Enough to read the small print of an A4 page that was photographed whole. */
const longestSide = 3_000
const patienceSeconds = 15

const pictures: readonly string[] = ['image/jpeg', 'image/png', 'image/webp']
const endings: Readonly<Record<string, RegExp>> = {
  'image/jpeg': /^(jpe?g|jfif)$/,
  'image/png': /^png$/,
  'image/webp': /^webp$/,
  'application/pdf': /^pdf$/,
}
/** In front of the last ending they are a disguise; dates like 2026.03.05 are not. */
const disguise = /\.(exe|com|bat|cmd|scr|msi|js|mjs|vbs|ps1|sh|php\d?|jsp|aspx?|html?|xhtml|svg|jar|apk|lnk|hta|zip|rar|7z|docm|xlsm)(\.|$)/i

// One picture at a time uses one core; the rest belongs to the talks.
sharp.concurrency(1)
sharp.cache(false)

/**
 * Says what a file really is, by its bytes alone, and makes it safe to keep.
 * @throws ProblemError 'refusedFile' in words for the citizen
 */
export async function checkFile(bytes: Buffer, declaredName: string): Promise<CheckedFile> {
  if (bytes.length === 0) throw refused(fileProblems.empty)
  if (bytes.length > largestFile) throw refused(fileProblems.tooLarge(largestFile / 1024 / 1024))
  const found = (await fileTypeFromBuffer(bytes))?.mime
  if (found === 'image/heic' || found === 'image/heif') throw refused(fileProblems.heic)
  if (found === undefined || endings[found] === undefined) throw refused(fileProblems.kind)
  const name = shownName(declaredName)
  const ending = /\.([^.]*)$/.exec(name)?.[1]
  if (disguise.test(name) || (ending !== undefined && /^[a-z]\w{1,4}$/i.test(ending) && !endings[found].test(ending.toLowerCase())))
    throw refused(fileProblems.name)
  return pictures.includes(found) ? picture(bytes, name) : paper(bytes, name)
}

/** What people send by voice and film through platforms; it is kept as it is, and only ever played or saved. */
const recordings: Readonly<Record<string, { readonly media: 'voice' | 'video'; readonly ending: string }>> = {
  'audio/amr': { media: 'voice', ending: 'amr' },
  'audio/mpeg': { media: 'voice', ending: 'mp3' },
  'audio/wav': { media: 'voice', ending: 'wav' },
  'audio/ogg': { media: 'voice', ending: 'ogg' },
  'audio/x-m4a': { media: 'voice', ending: 'm4a' },
  'audio/aac': { media: 'voice', ending: 'aac' },
  'video/mp4': { media: 'video', ending: 'mp4' },
}

/** The same for what a platform hands out, where there may also be voices and films. @throws ProblemError 'refusedFile' */
export async function checkFetched(bytes: Buffer, declaredName: string): Promise<CheckedFile> {
  const found = (await fileTypeFromBuffer(bytes))?.mime.split(';')[0] ?? ''
  const recording = recordings[found]
  if (!recording) return checkFile(bytes, declaredName)
  const name = `${stemOf(shownName(declaredName)) || fileNotes.unnamed[recording.media]}.${recording.ending}`
  return { media: recording.media, type: found, name, bytes }
}

const refused = (text: string): ProblemError => new ProblemError('refusedFile', text)

/** Without folders, control characters and the marks that turn the direction of writing round (which make gpj.exe look like exe.jpg). */
function shownName(declared: string): string {
  const last = declared.normalize('NFC').split(/[\\/]/).at(-1) ?? ''
  const plain = last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>:"|?*]/gu, '').trim()
  return plain.length > 80 ? `${plain.slice(0, 70)}${/\.\w{1,5}$/.exec(plain)?.[0] ?? ''}` : plain
}

const stemOf = (name: string): string => name.replace(/\.[^.]*$/, '')

/** Turned upright, reduced and encoded anew as JPEG: no place, no camera, nothing behind the end of the picture. */
async function picture(bytes: Buffer, name: string): Promise<CheckedFile> {
  const options = { limitInputPixels: mostPixels, failOn: 'error' } as const
  try {
    const { width, height } = await sharp(bytes, { ...options, limitInputPixels: false }).metadata()
    if (width * height > mostPixels) throw refused(fileProblems.hugeImage)
    const safe = await sharp(bytes, options)
      .timeout({ seconds: patienceSeconds })
      .autoOrient()
      .resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#fff' })
      .jpeg({ quality: 85 })
      .toBuffer()
    return { media: 'image', type: 'image/jpeg', name: `${stemOf(name) || fileNotes.unnamed.image}.jpg`, bytes: safe }
  } catch (fault) {
    throw fault instanceof ProblemError ? fault : refused(fileProblems.brokenImage)
  }
}

function paper(bytes: Buffer, name: string): CheckedFile {
  const fault = pdfFault(bytes)
  if (fault) throw refused(fileProblems[fault])
  return { media: 'file', type: 'application/pdf', name: `${stemOf(name) || fileNotes.unnamed.file}.pdf`, bytes }
}

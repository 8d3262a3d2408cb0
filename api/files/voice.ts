import { spawn } from 'node:child_process'
import type { CheckedFile } from './check.ts'
import { checkFetched } from './check.ts'

/** Makes a voice message one that browsers play. @throws Error when that fails */
export type Revoice = (file: CheckedFile) => Promise<CheckedFile>

const patienceMs = 20_000
/** A minute of speech as WAV is 5 MB at most. */
const mostBytes = 20 * 1024 * 1024

/** The converter of the settings; without one, AMR stays what it is and is listened to outside the browser. */
export const revoicerOf =
  (command: string | undefined): Revoice =>
  async (file) => {
    if (command === undefined || file.type !== 'audio/amr') return file
    const checked = await checkFetched(await converted(command, file.bytes), file.name)
    if (checked.media !== 'voice') throw new Error('the converter gave no sound')
    return checked
  }

function converted(command: string, bytes: Buffer): Promise<Buffer> {
  const [program = '', ...args] = command.split(/\s+/)
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], timeout: patienceMs })
    const parts: Buffer[] = []
    let size = 0
    child.stdout.on('data', (part: Buffer) => {
      size += part.length
      if (size > mostBytes) child.kill()
      else parts.push(part)
    })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve(Buffer.concat(parts)) : reject(new Error(`the converter ended with ${code}`))))
    // It may end before it has read everything.
    child.stdin.on('error', () => undefined)
    child.stdin.end(bytes)
  })
}

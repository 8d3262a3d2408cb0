import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import type { Config } from '../config.ts'

/** Looks through a file for malware. @throws Error when the scanner cannot be asked: then it is asked again later */
export type Scan = (bytes: Buffer) => Promise<'clean' | 'infected'>

const patienceMs = 25_000
const chunk = 64 * 1024

/** The scanner of the settings; without one, files are open as soon as they are stored. */
export function scannerOf({ CLAMD, SCAN_COMMAND }: Pick<Config, 'CLAMD' | 'SCAN_COMMAND'>): Scan | undefined {
  if (CLAMD !== undefined) return (bytes) => askClamd(CLAMD, bytes)
  return SCAN_COMMAND === undefined ? undefined : (bytes) => runCommand(SCAN_COMMAND, bytes)
}

/** INSTREAM of clamd: https://docs.clamav.net/manual/Usage/Scanning.html#clamd */
function askClamd(address: string, bytes: Buffer): Promise<'clean' | 'infected'> {
  const [, host, port] = /^([^/]+):(\d+)$/.exec(address) ?? []
  return new Promise((resolve, reject) => {
    const socket = host && port ? connect(Number(port), host) : connect(address)
    let reply = ''
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('clamd does not answer')))
    socket.on('error', reject)
    socket.on('data', (data) => {
      reply += String(data)
    })
    socket.on('close', () => {
      if (/stream: OK/.test(reply)) resolve('clean')
      else if (/ FOUND/.test(reply)) resolve('infected')
      else reject(new Error('clamd gave no verdict'))
    })
    socket.write('zINSTREAM\0')
    for (let at = 0; at < bytes.length; at += chunk) {
      const part = bytes.subarray(at, at + chunk)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(part.length)
      socket.write(length)
      socket.write(part)
    }
    socket.write(Buffer.alloc(4))
  })
}

function runCommand(command: string, bytes: Buffer): Promise<'clean' | 'infected'> {
  const [program = '', ...args] = command.split(/\s+/)
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'], timeout: patienceMs })
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve('clean')
      else if (code === 1) resolve('infected')
      else reject(new Error(`the scanner ended with ${code}`))
    })
    // It may have its verdict before it has read everything.
    child.stdin.on('error', () => undefined)
    child.stdin.end(bytes)
  })
}

import type { FileView } from '../api/contract.ts'
import { network } from '../texts/citizen.ts'
import { problemOf, RequestError } from './http.ts'
import { identity } from './identity.ts'

// The file itself goes as the body. XMLHttpRequest, because fetch does not say how far it is.
const silentMs = 60_000

export type Upload = {
  readonly path: string
  readonly key: string
  readonly file: Blob
  readonly name: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The same key sent again is the same file. @throws RequestError; status 0 for a network that failed */
export function upload({ path, key, file, name, headers = {} }: Upload, progress: (percent: number) => void): Promise<FileView> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open('POST', `${path}?key=${key}&name=${encodeURIComponent(name)}`)
    const all: Record<string, string> = { 'content-type': 'application/octet-stream', 'x-bandecheng': '1', ...identity(), ...headers }
    for (const header of Object.keys(all)) xhr.setRequestHeader(header, all[header] ?? '')
    xhr.timeout = 0
    let alarm = setTimeout(() => xhr.abort(), silentMs)
    xhr.upload.onprogress = ({ loaded, total }) => {
      clearTimeout(alarm)
      alarm = setTimeout(() => xhr.abort(), silentMs)
      progress(Math.floor((loaded / (total || 1)) * 100))
    }
    xhr.onloadend = () => {
      clearTimeout(alarm)
      if (xhr.status === 0) reject(new RequestError('network', network.down, 0))
      else if (xhr.status >= 300) reject(problemOf(xhr.responseText, xhr.status))
      else resolve(JSON.parse(xhr.responseText) as FileView)
    }
    xhr.send(file)
  })
}

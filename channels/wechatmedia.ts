import { ChannelError, type Fetched, type Wire } from './contract.ts'
import { bytesOf } from './platform.ts'

/** The largest file that the platform hands out: https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Get_temporary_materials.html */
const largest = 20 * 1024 * 1024

/** Gives the token; told which one was refused, a newer one. */
type TokenOf = (stale?: string) => Promise<string>

/**
 * A picture, a voice, a film or a file; the platform keeps it for three days. 微信客服 hands out the same way:
 * https://developer.work.weixin.qq.com/document/path/90254
 * @throws ChannelError 'refused' when the platform does not have it any more
 */
export async function fetchMedia(ref: string, apiBase: string, tokenOf: TokenOf, wire: Wire): Promise<Fetched> {
  const get = (token: string) =>
    bytesOf(`${apiBase}/cgi-bin/media/get?access_token=${encodeURIComponent(token)}&media_id=${encodeURIComponent(ref)}`, wire, largest)
  const token = await tokenOf()
  const first = await get(token)
  const file = staleToken.has(codeIn(first) ?? 0) ? await get(await tokenOf(token)) : first
  const code = codeIn(file)
  if (code !== undefined) throw new ChannelError(passing.has(code) ? 'busy' : 'refused', `platform gave no file (${code})`)
  const film = filmIn(file)
  return film === undefined ? file : bytesOf(film, wire, largest)
}

const staleToken = new Set([40001, 40014, 42001])
const passing = new Set([-1, 45009, ...staleToken])

/** A fault comes as JSON where the file should be. */
function codeIn(file: Fetched): number | undefined {
  const [, code] = /"errcode":\s*(-?\d+)/.exec(textIn(file)) ?? []
  return code === undefined ? undefined : Number(code)
}

/** Of a film the platform gives the address. */
const filmIn = (file: Fetched): string | undefined => /"video_url":\s*"(https?:[^"]+)"/.exec(textIn(file))?.[1]?.replaceAll('\\/', '/')

const textIn = ({ bytes, type }: Fetched): string => (/json|text\/plain/.test(type) ? bytes.toString('utf8', 0, 2_000) : '')

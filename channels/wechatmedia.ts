import { ChannelError, type Wire } from './contract.ts'
import { bytesOf } from './platform.ts'
import { type Account, wechatToken } from './wechatapi.ts'

/** The largest file that the platform hands out: https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Get_temporary_materials.html */
const largest = 20 * 1024 * 1024

/** A picture or a voice message; the platform keeps it for three days. @throws ChannelError */
export async function fetchMedia(ref: string, account: Account, wire: Wire): Promise<{ readonly bytes: Buffer; readonly type: string }> {
  const token = await wechatToken(account, wire)
  const url = `${account.apiBase}/cgi-bin/media/get?access_token=${encodeURIComponent(token)}&media_id=${encodeURIComponent(ref)}`
  const { bytes, type } = await bytesOf(url, wire, largest)
  // A fault comes as JSON where the file should be.
  if (/json|text\/plain/.test(type))
    throw new ChannelError(/"errcode":\s*(40001|40014|42001|-1)\b/.test(bytes.toString('utf8', 0, 200)) ? 'busy' : 'refused', 'platform gave no file')
  return { bytes, type }
}

import { ChannelError, type HttpRequest, type Instant } from './contract.ts'
import { keyOf, openEnvelope } from './envelope.ts'
import { bodyText, requireFresh, sameSecret, sortedSha1 } from './sign.ts'
import { readXml } from './xml.ts'

export type Callback = { readonly corpId: string; readonly token: string; readonly encodingAesKey: string }

/**
 * The message in a callback of WeCom; of a GET the words that prove the address and must be given back as they are.
 * https://developer.work.weixin.qq.com/document/path/90930
 * @throws ChannelError 'forged' | 'malformed'
 */
export function openCallback(request: HttpRequest, { corpId, token, encodingAesKey }: Callback, now: Instant): string {
  const { msg_signature: given = '', timestamp = '', nonce = '', echostr = '' } = request.query
  const encrypted = request.method === 'GET' ? echostr : readXml(bodyText(request))['Encrypt']
  if (typeof encrypted !== 'string' || encrypted === '') throw new ChannelError('forged', 'push is not encrypted')
  if (!sameSecret(given, sortedSha1(token, timestamp, nonce, encrypted))) throw new ChannelError('forged', 'signature does not fit')
  requireFresh(Number(timestamp) * 1000, now)
  return openEnvelope(encrypted, keyOf(encodingAesKey), corpId)
}

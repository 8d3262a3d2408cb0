// Two vendors of text messages, as an office meets them, and the citizens' phones behind them. Written from the vendors' pages
// (https://help.aliyun.com/zh/sms, https://cloud.tencent.com/document/product/382) and not from channels/.
import { createHash, createHmac, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Fault } from './simwechat.ts'

export type SmsAccount = {
  readonly vendor: 'aliyun' | 'tencent'
  readonly id: string
  readonly secret: string
  readonly signName: string
  readonly appId: string
  /** approved templates: words with ${name} (Aliyun) or {1} (Tencent) */
  readonly templates: Readonly<Record<string, string>>
  /** characters that one variable of a template may hold, where they are not 35 */
  readonly longest?: Readonly<Record<string, number>>
  readonly hook: string
}

type Fields = Readonly<Record<string, unknown>>
type Sent = { readonly phone: string; readonly text: string; readonly biz: string; readonly outId: string; delivered: boolean | undefined }

const longestVariable = 35
const patienceMs = 5_000
const skewMs = 15 * 60_000

export type Sms = Awaited<ReturnType<typeof openSms>>

export async function openSms(account: () => SmsAccount, now: () => number = Date.now, port = 0) {
  const sent: Sent[] = []
  const faults: Fault[] = []
  const troubles: string[] = []
  const nonces = new Set<string>()
  const unreachable = new Set<string>()
  let serial = 0
  let told = 0

  const take = (phone: string, text: string, outId: string): string => {
    const biz = `${++serial}^${now()}`
    sent.push({ phone, text, biz, outId, delivered: undefined })
    return biz
  }

  const aliyun = (raw: string): { readonly status: number; readonly body: object } => {
    const form = Object.fromEntries(new URLSearchParams(raw))
    const no = (Code: string, status = 400) => ({ status, body: { Code, Message: Code, RequestId: randomUUID() } })
    const { id, secret, signName, templates } = account()
    const { Signature = '', ...parameters } = form
    if (form['AccessKeyId'] !== id) return no('InvalidAccessKeyId.NotFound', 404)
    if (Signature !== rpcSignature(parameters, secret)) return no('SignatureDoesNotMatch')
    if (Math.abs(Date.parse(form['Timestamp'] ?? '') - now()) > skewMs) return no('InvalidTimeStamp.Expired')
    const nonce = form['SignatureNonce'] ?? ''
    if (nonces.has(nonce)) return no('SignatureNonceUsed')
    nonces.add(nonce)
    if (form['Action'] !== 'SendSms' || form['Version'] !== '2017-05-25') return no('InvalidAction.NotFound', 404)
    const code = refusal()
    if (code) return no(code, 200)
    if (form['SignName'] !== signName) return no('isv.SMS_SIGNATURE_ILLEGAL', 200)
    const template = templates[form['TemplateCode'] ?? '']
    if (template === undefined) return no('isv.SMS_TEMPLATE_ILLEGAL', 200)
    if (!/^1\d{10}$/.test(form['PhoneNumbers'] ?? '')) return no('isv.MOBILE_NUMBER_ILLEGAL', 200)
    const values = objectOf(form['TemplateParam'])
    const names = [...template.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name)
    const most = account().longest?.[form['TemplateCode'] ?? ''] ?? longestVariable
    if (names.some((name) => !short(values[name], most))) return no('isv.TEMPLATE_PARAMS_ILLEGAL', 200)
    const text = template.replace(/\$\{(\w+)\}/g, (_all, name: string) => String(values[name]))
    return { status: 200, body: { Code: 'OK', Message: 'OK', BizId: take(form['PhoneNumbers'] ?? '', text, form['OutId'] ?? ''), RequestId: randomUUID() } }
  }

  const tencent = (raw: string, request: IncomingMessage): { readonly status: number; readonly body: object } => {
    const { secret, id, appId, signName, templates } = account()
    const fail = (Code: string) => ({ status: 200, body: { Response: { Error: { Code, Message: Code }, RequestId: randomUUID() } } })
    const time = Number(request.headers['x-tc-timestamp'])
    if (request.headers['x-tc-action'] !== 'SendSms' || request.headers['x-tc-version'] !== '2021-01-11') return fail('InvalidAction')
    if (Math.abs(time * 1000 - now()) > 5 * 60_000) return fail('AuthFailure.SignatureExpire')
    if (request.headers.authorization !== tc3(id, secret, request.headers.host ?? '', raw, time)) return fail('AuthFailure.SignatureFailure')
    const body = objectOf(raw)
    const phones = Array.isArray(body['PhoneNumberSet']) ? body['PhoneNumberSet'] : []
    const state = (Code: string, SerialNo = '') => ({
      status: 200,
      body: { Response: { SendStatusSet: [{ SerialNo, PhoneNumber: phones[0], Fee: 1, Code, Message: Code }] } },
    })
    const code = refusal()
    if (code) return fail(code)
    if (body['SmsSdkAppId'] !== appId || body['SignName'] !== signName) return state('FailedOperation.SignatureIncorrectOrUnapproved')
    const template = templates[String(body['TemplateId'])]
    if (template === undefined) return state('FailedOperation.TemplateIncorrectOrUnapproved')
    const [, phone] = /^\+86(1\d{10})$/.exec(String(phones[0])) ?? []
    if (!phone || phones.length !== 1) return state('InvalidParameterValue.IncorrectPhoneNumber')
    const values: readonly unknown[] = Array.isArray(body['TemplateParamSet']) ? body['TemplateParamSet'] : []
    const wanted = new Set([...template.matchAll(/\{(\d+)\}/g)].map(([, place]) => place)).size
    if (values.length !== wanted || !values.every((value) => short(value, account().longest?.[String(body['TemplateId'])] ?? longestVariable)))
      return state('FailedOperation.TemplateParamSetNotMatchApprovedTemplate')
    const text = template.replace(/\{(\d+)\}/g, (_all, place: string) => String(values[Number(place) - 1]))
    return state('Ok', take(phone, text, String(body['SessionContext'] ?? '')))
  }

  /** What the vendor says of the next message for once. */
  const refusal = (): string | undefined => {
    const fault = faults[0]?.kind === 'code' ? faults.shift() : undefined
    return fault?.kind === 'code' ? String(fault.code) : undefined
  }

  const called = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let raw = ''
    for await (const chunk of request) raw += String(chunk)
    const fault = faults[0]?.kind === 'code' ? undefined : faults.shift()
    if (fault?.kind === 'status') return void response.writeHead(fault.status).end()
    const { status, body } = account().vendor === 'aliyun' ? aliyun(raw) : tencent(raw, request)
    if (fault?.kind === 'lost') return void request.socket.destroy()
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

  const push = async (items: readonly object[], times: number): Promise<void> => {
    for (let time = 0; time < times; time++) {
      try {
        const body = JSON.stringify(account().vendor === 'aliyun' || items.length > 1 ? items : items)
        const answer = await fetch(account().hook, {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json' },
          signal: AbortSignal.timeout(patienceMs),
        })
        const said = objectOf(await answer.text())
        const heard = account().vendor === 'aliyun' ? said['code'] === 0 : said['result'] === 0
        if (answer.status !== 200 || !heard) throw new Error(`push answered ${answer.status}`)
      } catch (fault) {
        troubles.push(String(fault))
      }
    }
  }

  const report = ({ phone, biz, outId, delivered }: Sent): object =>
    account().vendor === 'aliyun'
      ? {
          phone_number: phone,
          success: delivered,
          err_code: delivered ? 'DELIVERED' : 'UNDELIV',
          err_msg: '',
          sms_size: '1',
          biz_id: biz,
          out_id: outId,
          send_time: '',
          report_time: '',
        }
      : {
          user_receive_time: '',
          nationcode: '86',
          mobile: phone,
          report_status: delivered ? 'SUCCESS' : 'FAIL',
          errmsg: delivered ? 'DELIVRD' : 'UNDELIV',
          description: '',
          sid: biz,
        }

  const server = createServer((request, response) => void called(request, response).catch((fault: unknown) => troubles.push(String(fault))))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: listening } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${listening}`,
    faults,
    troubles,
    /** what has arrived on a phone */
    phone: (number: string): string[] => sent.filter((one) => one.phone === number && !unreachable.has(number)).map((one) => one.text),
    sent: (): number => sent.length,
    /** the phone is switched off for good: told by a receipt only */
    switchOff: (number: string): void => void unreachable.add(number),
    /** the receipts that are due, each so many times, the last first when asked */
    reports: async (times = 1, backwards = false): Promise<void> => {
      const due = sent.slice(told)
      told = sent.length
      for (const one of due) one.delivered = !unreachable.has(one.phone)
      const items = due.map(report)
      if (items.length > 0) await push(backwards ? items.reverse() : items, times)
    },
    reply: async (number: string, text: string, times = 1): Promise<void> => {
      serial++
      const item =
        account().vendor === 'aliyun'
          ? { phone_number: number, content: text, send_time: '', dest_code: '1', sequence_id: serial }
          : { extend: '', mobile: number, nationcode: '86', sign: '', text, time: Math.floor(now() / 1000) }
      await push([item], times)
    },
    close: (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const short = (value: unknown, most: number): boolean => typeof value === 'string' && value !== '' && [...value].length <= most

function objectOf(value: unknown): Fields {
  try {
    const read: unknown = typeof value === 'string' ? JSON.parse(value) : value
    return typeof read === 'object' && read !== null ? { ...read } : {}
  } catch {
    return {}
  }
}

function rpcSignature(parameters: Readonly<Record<string, string>>, secret: string): string {
  const percent = (text: string): string =>
    Buffer.from(text).reduce((all, byte) => {
      const letter = String.fromCharCode(byte)
      return all + (/[A-Za-z0-9\-_.~]/.test(letter) ? letter : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    }, '')
  const names = Object.keys(parameters).sort()
  const canonical = names.map((name) => `${percent(name)}=${percent(parameters[name] ?? '')}`).join('&')
  return createHmac('sha1', `${secret}&`)
    .update(`POST&%2F&${percent(canonical)}`)
    .digest('base64')
}

function tc3(id: string, secret: string, host: string, body: string, seconds: number): string {
  const sha = (text: string): string => createHash('sha256').update(text).digest('hex')
  const date = new Date(seconds * 1000).toISOString().slice(0, 10)
  const request = `POST\n/\n\ncontent-type:application/json; charset=utf-8\nhost:${host}\n\ncontent-type;host\n${sha(body)}`
  const toSign = `TC3-HMAC-SHA256\n${seconds}\n${date}/sms/tc3_request\n${sha(request)}`
  let key = Buffer.from(`TC3${secret}`)
  for (const part of [date, 'sms', 'tc3_request']) key = createHmac('sha256', key).update(part).digest()
  return `TC3-HMAC-SHA256 Credential=${id}/${date}/sms/tc3_request, SignedHeaders=content-type;host, Signature=${createHmac('sha256', key).update(toSign).digest('hex')}`
}

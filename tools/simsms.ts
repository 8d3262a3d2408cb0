// Two vendors of text messages and a government's own gateway, as an office meets them, and the citizens' phones behind them. Written from the vendors' pages
// (https://help.aliyun.com/zh/sms, https://cloud.tencent.com/document/product/382) and not from channels/.
import { createHash, createHmac, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerWith, type Fault, type Heard, isOutage, type Make, openLine } from './simfaults.ts'

export type SmsAccount = {
  readonly vendor: 'aliyun' | 'tencent' | 'gateway'
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

/** https://help.aliyun.com/zh/sms/developer-reference/api-error-codes, https://cloud.tencent.com/document/api/382/55981 */
export const smsCodes = {
  aliyun: { busy: 'isv.BUSINESS_LIMIT_CONTROL', refused: 'isv.BLACK_KEY_CONTROL_LIMIT', barred: 'isv.AMOUNT_NOT_ENOUGH' },
  tencent: {
    busy: 'LimitExceeded.PhoneNumberThirtySecondLimit',
    refused: 'FailedOperation.PhoneNumberInBlacklist',
    barred: 'FailedOperation.InsufficientBalanceInSmsPackage',
  },
  gateway: { busy: 'BUSY', refused: 'BLACKLIST', barred: 'NO_BALANCE' },
} as const

const longestVariable = 35
const minute = 60_000
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

  /** A hub of the government's own: JSON with a key, by which it passes over what it has. */
  const gateway = (raw: string, request: IncomingMessage): { readonly status: number; readonly body: object } => {
    const no = (code: string, status = 200) => ({ status, body: { code } })
    const { phone, content, out_id } = objectOf(raw)
    if (request.headers.authorization !== account().secret) return no('FORBIDDEN', 401)
    const code = refusal()
    if (code) return no(code)
    if (typeof phone !== 'string' || !/^1\d{10}$/.test(phone) || typeof content !== 'string' || content === '' || content.length > 335) return no('ILLEGAL')
    if (typeof out_id !== 'string' || out_id === '' || out_id.length > 64) return no('ILLEGAL')
    const known = sent.find((one) => one.outId === out_id)
    return { status: 200, body: { code: 'OK', data: { msgid: known?.biz ?? take(phone, content, out_id) } } }
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
    if (isOutage(fault, response)) return
    const { status, body } = { aliyun, tencent, gateway }[account().vendor](raw, request)
    answerWith(fault, request, response, body, status)
  }

  // https://help.aliyun.com/zh/sms/developer-reference/configure-delivery-receipts-1: again after one, five and ten minutes.
  const line = openLine({ now, troubles, type: 'application/json', retryMs: [minute, 5 * minute, 10 * minute] })
  const hear = ({ status, body }: Heard): void => {
    const said = objectOf(body)
    const isHeard = account().vendor === 'tencent' ? said['result'] === 0 : said['code'] === 0
    if (status !== 200 || !isHeard) throw new Error(`push answered ${status}`)
  }
  const push = async (items: readonly object[], times: number): Promise<void> => {
    // Nobody signs here: whoever does not know the address is a stranger.
    const make: Make = ({ forged, change }) => ({ url: forged ? `${account().hook}x` : account().hook, body: change(JSON.stringify(items)) })
    for (let time = 0; time < times; time++) await line.deliver(make, hear)
  }

  const report = ({ phone, biz, outId, delivered }: Sent): object =>
    account().vendor !== 'tencent'
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
    spoils: line.spoils,
    troubles,
    /** pushes again what the office has not taken, when it is due */
    tick: line.tick,
    waiting: line.waiting,
    /** what has arrived on a phone */
    phone: (number: string): string[] => sent.filter((one) => one.phone === number && !unreachable.has(number)).map((one) => one.text),
    sent: (): number => sent.length,
    /** the phone is switched off for good: told by a receipt only */
    switchOff: (number: string): void => void unreachable.add(number),
    /** the office's keys of what was taken */
    keys: (): readonly string[] => sent.map((one) => one.outId),
    /** the receipts that are due are never pushed */
    forget: (): void => {
      told = sent.length
    },
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
        account().vendor !== 'tencent'
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

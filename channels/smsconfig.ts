import { z } from 'zod'

const fieldPath = z.string().regex(/^\w+(\.\w+)*$/)
const value = z.union([z.string(), z.number(), z.boolean()])
const url = z.url({ protocol: /^https?$/ })

/** An approved template; {number}, {matter}, {text} and {time} are filled in. `longest`: characters that one variable may hold by the contract. */
const template = z.strictObject({ id: z.string().min(1), params: z.record(z.string(), z.string()), longest: z.number().int().min(6).max(500).default(35) })
export type Template = z.output<typeof template>

/** `news` tells of a case, `survey` asks 办成了吗 in its fixed words, `reply` answers a citizen's text message; without the last a person phones. */
const templates = z.strictObject({ news: template, survey: template.optional(), reply: template.optional() })
export type Templates = z.output<typeof templates>

const aliyun = z.strictObject({
  accessKeyId: z.string().min(1),
  accessKeySecret: z.string().min(1),
  signName: z.string().min(1),
  templates,
  apiBase: url.default('https://dysmsapi.aliyuncs.com'),
})
export type Aliyun = z.output<typeof aliyun>

const tencent = z.strictObject({
  secretId: z.string().min(1),
  secretKey: z.string().min(1),
  appId: z.string().regex(/^\d+$/),
  signName: z.string().min(1),
  region: z.string().default('ap-guangzhou'),
  templates,
  apiBase: url.default('https://sms.tencentcloudapi.com'),
})
export type Tencent = z.output<typeof tencent>

const gateway = z.strictObject({
  url,
  headers: z.record(z.string(), z.string()).default({}),
  /** {phone}, {text} and {key} are filled in wherever they stand in a value */
  body: z.record(z.string(), z.json()),
  success: z.strictObject({ path: fieldPath, equals: value }),
  /** values at that place after which it may be tried again */
  later: z.array(value).default([]),
  /** where the answer says by which id the receipt will name the message; without it the receipt names our {key} */
  id: fieldPath.optional(),
})
export type Gateway = z.output<typeof gateway>

/** What a vendor pushes: replies of citizens, and receipts. The fields are those of its pages; a gateway of one's own may name others. */
const pushes = {
  aliyun: {
    inbound: { phone: 'phone_number', text: 'content', id: 'sequence_id' },
    receipt: { id: 'out_id', path: 'success', equals: true, reason: 'err_code' },
    ack: { code: 0, msg: '\u63a5\u6536\u6210\u529f' },
  },
  tencent: {
    inbound: { phone: 'mobile', text: 'text', id: 'time' },
    receipt: { id: 'sid', path: 'report_status', equals: 'SUCCESS', reason: 'errmsg' },
    ack: { result: 0, errmsg: 'OK' },
  },
} as const

export const smsConfig = z
  .strictObject({
    /** Gateways do not sign what they push: whoever knows the last part of the address is the gateway. */
    secret: z.string().regex(/^[\w-]{24,}$/, 'at least 24 letters and digits'),
    gateway: gateway.optional(),
    aliyun: aliyun.optional(),
    tencent: tencent.optional(),
    /** no gateway: a person sends the day's messages and notes it */
    byHand: z.literal(true).optional(),
    inbound: z.strictObject({ phone: fieldPath, text: fieldPath, id: fieldPath }).optional(),
    receipt: z.strictObject({ id: fieldPath, path: fieldPath, equals: value, reason: fieldPath.optional() }).optional(),
    ack: z.record(z.string(), z.json()).optional(),
  })
  .refine((all) => [all.gateway, all.aliyun, all.tencent, all.byHand].filter(Boolean).length === 1, {
    path: ['gateway'],
    message: 'exactly one of gateway, aliyun, tencent, byHand',
  })
  .transform((all) => {
    const preset = all.tencent ? pushes.tencent : pushes.aliyun
    // A gateway whose receipts nobody has described sends none.
    const receipts = all.byHand !== true && (all.gateway === undefined || all.receipt !== undefined)
    return { ...all, receipts, inbound: all.inbound ?? preset.inbound, receipt: all.receipt ?? preset.receipt, ack: all.ack ?? preset.ack }
  })

export type SmsConfig = z.output<typeof smsConfig>

import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { ChannelError } from './contract.ts'

/**
 * Values stay text: a 64-bit MsgId would lose its last digits as a number. Entities stay as they are: the platforms wrap text in CDATA, and
 * entities are the way that bombs come in.
 */
const parser = new XMLParser({ parseTagValue: false, processEntities: false, ignoreAttributes: true, ignoreDeclaration: true })

/** The fields of a pushed `<xml>…</xml>`. @throws ChannelError 'malformed' */
export function readXml(text: string): Readonly<Record<string, unknown>> {
  const markup = text.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '')
  if (markup.includes('<!')) throw new ChannelError('malformed', 'declarations are not accepted')
  try {
    if (XMLValidator.validate(text) === true) {
      const parsed: unknown = parser.parse(text)
      if (isRecord(parsed) && Object.keys(parsed).length === 1 && isRecord(parsed['xml'])) return parsed['xml']
    }
  } catch (fault) {
    throw new ChannelError('malformed', 'body is not XML', { cause: fault })
  }
  throw new ChannelError('malformed', 'body is not the XML of a push')
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Text inside CDATA; an end mark in the text itself is divided over two sections. */
export const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`

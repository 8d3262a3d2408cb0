import { z } from 'zod'
import { maskText } from '../casework/mask.ts'
import { modelWords } from '../texts/model.ts'
import type { Config } from './config.ts'

/** Which of the titles a question means: its place, or undefined when the model does not know or does not answer in time. Never rejects. */
export type Choose = (question: string, titles: readonly string[]) => Promise<number | undefined>

/** What a citizen who waits for an answer may lose by it. */
const patienceMs = 1_500
/** After a fault it is left alone for so long: with the model away every answer comes as fast as without one. */
const restMs = 60_000

const answerSchema = z.object({ choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1) })

/**
 * The model of the settings (MODEL_URL: the base address of an OpenAI-compatible service inside the intranet, `POST /chat/completions`); undefined without
 * one. It is sent the masked question and titles of public guides, and may only point at one of them: it writes nothing that a citizen reads.
 */
export function chooserOf(
  { MODEL_URL, MODEL_NAME, MODEL_KEY }: Pick<Config, 'MODEL_URL' | 'MODEL_NAME' | 'MODEL_KEY'>,
  { now, log }: { readonly now: () => number; readonly log: { readonly warn: (what: { readonly err: unknown }, said: string) => void } },
): Choose | undefined {
  if (MODEL_URL === undefined) return undefined
  let restsUntil = 0
  return async (question, titles) => {
    if (now() < restsUntil) return undefined
    try {
      const response = await fetch(`${MODEL_URL.replace(/\/$/, '')}/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(MODEL_KEY !== undefined && { authorization: `Bearer ${MODEL_KEY}` }) },
        body: JSON.stringify({ model: MODEL_NAME, temperature: 0, max_tokens: 8, messages: modelWords.choose(maskText(question), titles) }),
        signal: AbortSignal.timeout(patienceMs),
      })
      if (!response.ok) throw new Error(`the model answered ${response.status}`)
      const said = Number(/\d+/.exec(answerSchema.parse(await response.json()).choices[0]?.message.content ?? '')?.[0])
      return said >= 1 && said <= titles.length ? said - 1 : undefined
    } catch (fault) {
      restsUntil = now() + restMs
      log.warn({ err: fault }, 'the model does not help, the own order stays')
      return undefined
    }
  }
}

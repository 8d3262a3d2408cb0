import type { Problem } from '../api/contract.ts'
import { network } from '../texts/citizen.ts'
import { identity } from './identity.ts'

/** A request that was answered with a Problem, or not at all (`status` 0). The message is for the person. */
export class RequestError extends Error {
  readonly code: string
  readonly status: number
  constructor(code: string, message: string, status: number) {
    super(message)
    this.name = 'RequestError'
    this.code = code
    this.status = status
  }
}

// A clerk should not stare at a dead page; on a slow mobile line an answer still takes several seconds.
const patienceMs = 15_000

/** @throws RequestError */
export async function request<Answer>(method: 'GET' | 'POST', path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), patienceMs)
  try {
    const response = await fetch(path, {
      method,
      credentials: 'same-origin',
      signal: abort.signal,
      headers: {
        ...(body === undefined ? {} : { 'content-type': body instanceof Blob ? body.type : 'application/json' }),
        ...(method === 'POST' ? { 'x-bandecheng': '1' } : {}),
        ...identity(),
        ...headers,
      },
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw problemOf(text, response.status)
    return (text ? JSON.parse(text) : undefined) as Answer
  } catch (error) {
    if (error instanceof RequestError) throw error
    throw new RequestError('network', abort.signal.aborted ? network.slow : network.down, 0)
  } finally {
    clearTimeout(timer)
  }
}

export function problemOf(text: string, status: number): RequestError {
  try {
    const problem = JSON.parse(text) as Partial<Problem>
    if (problem.code && problem.message) return new RequestError(problem.code, problem.message, status)
  } catch {
    // not from our server: a proxy's error page
    return new RequestError('proxy', network.broken, status)
  }
  return new RequestError('unknown', network.broken, status)
}

export const messageOf = (error: unknown): string => (error instanceof RequestError ? error.message : network.broken)

import { ref, watch } from 'vue'
import type { StaffView } from '../../api/contract.ts'
import { RequestError, request } from '../http.ts'
import { recall, remember } from '../memory.ts'

/** Who is logged in; undefined before it is known, null when nobody is. */
export const me = ref<StaffView | null>()

// The session cookie is out of reach of scripts: this only spares the login page a request that must fail.
watch(me, (now) => now !== undefined && remember('staff', now !== null))

export async function readMe(): Promise<StaffView | null> {
  const signedOn = new URLSearchParams(location.search).get('signOn') === 'done'
  if (!recall('staff', false) && !signedOn) {
    me.value = null
    return null
  }
  try {
    me.value = await request<StaffView>('GET', '/api/staff/me')
  } catch (error) {
    if (error instanceof RequestError && error.status === 401) me.value = null
    else throw error
  }
  return me.value ?? null
}

/** A request of somebody logged in: when the session has ended, the login page comes up. */
export async function ask<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
  try {
    return await request<Answer>(method, `/api/staff/${path}`, body)
  } catch (error) {
    if (error instanceof RequestError && error.code === 'loginRequired') me.value = null
    if (error instanceof RequestError && error.code === 'mustChangePassword' && me.value) me.value = { ...me.value, mustChangePassword: true }
    if (error instanceof RequestError && error.code === 'mustEnrol' && me.value) me.value = { ...me.value, mustEnrol: true }
    throw error
  }
}

export type Area = StaffView['areas'][number]
export const has = (area: Area): boolean => me.value?.areas.includes(area) ?? false

/** What the menu shows; the server checks every request again. */
export const may = {
  talk: () => has('talk'),
  cases: () => has('cases'),
  register: () => has('register'),
  texts: () => has('texts'),
  keep: () => has('keep'),
  findings: () => has('findings'),
  review: () => has('review'),
  lead: () => has('lead'),
  people: () => has('people'),
  rules: () => has('rules'),
  audit: () => has('audit'),
  unmask: () => has('unmask'),
  write: () => has('write'),
  approve: () => has('approve'),
}

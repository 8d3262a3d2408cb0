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

type Roles = StaffView['roles']
const talkers: Roles = ['clerk', 'lead', 'supervisor', 'director', 'discipline']
const keepers: Roles = ['admin', 'supervisor', 'director', 'clerk', 'lead']
const reviewers: Roles = ['clerk', 'lead', 'supervisor', 'discipline', 'director', 'mayor', 'chief', 'liaison']
const has = (roles: Roles) => me.value?.roles.some((role) => roles.includes(role)) ?? false

/** What the menu shows; the server checks every request again. */
export const may = {
  talk: () => has(talkers),
  register: () => has(['clerk']),
  keep: () => has(keepers),
  review: () => has(reviewers),
  rule: () => has(['director', 'admin']),
  lead: () => has(['lead', 'supervisor', 'director']),
  people: () => has(['admin']),
  write: () => has(['clerk', 'lead', 'supervisor', 'director', 'chief', 'liaison']),
  approve: () => has(['lead', 'supervisor', 'director']),
}

import { watch } from 'vue'
import { createRouter, createWebHistory, START_LOCATION } from 'vue-router'
import Login from './Login.vue'
import Password from './Password.vue'
import { type Area, has, me, readMe } from './session.ts'
import Today from './Today.vue'

export const router = createRouter({
  history: createWebHistory('/console'),
  routes: [
    { path: '/login', name: 'login', component: Login, meta: { open: true } },
    { path: '/password', name: 'password', component: Password },
    { path: '/account', name: 'account', component: () => import('./Account.vue') },
    { path: '/', name: 'today', component: Today },
    { path: '/conversations/:id?', name: 'conversations', component: () => import('./Conversations.vue'), props: true, meta: { area: 'talk' } },
    { path: '/tickets', name: 'tickets', component: () => import('./Tickets.vue'), meta: { area: 'cases' } },
    { path: '/tickets/:id', name: 'ticket', component: () => import('./TicketPage.vue'), props: true, meta: { area: 'cases' } },
    { path: '/intake', name: 'intake', component: () => import('./Intake.vue'), meta: { area: 'register' } },
    { path: '/texts', name: 'texts', component: () => import('./Texts.vue'), meta: { area: 'texts' } },
    { path: '/improvements', name: 'improvements', component: () => import('./Improvements.vue'), meta: { area: 'review' } },
    { path: '/overview', name: 'overview', component: () => import('./Overview.vue'), meta: { area: 'cases' } },
    { path: '/screen', name: 'screen', component: () => import('./Screen.vue'), meta: { area: 'cases', bare: true } },
    { path: '/ledgers', name: 'ledgers', component: () => import('./Ledgers.vue'), meta: { area: 'cases' } },
    { path: '/missed', name: 'missed', component: () => import('./Missed.vue'), meta: { area: 'keep' } },
    { path: '/policy', name: 'policy', component: () => import('./Policy.vue'), meta: { office: true } },
    { path: '/calendar', name: 'calendar', component: () => import('./Calendar.vue'), meta: { office: true } },
    { path: '/departments', name: 'departments', component: () => import('./Departments.vue'), meta: { office: true } },
    { path: '/people', name: 'people', component: () => import('./People.vue'), meta: { area: 'people', office: true } },
    { path: '/audit', name: 'audit', component: () => import('./Audit.vue'), meta: { area: 'audit', office: true } },
    { path: '/dead', name: 'dead', component: () => import('./Dead.vue'), meta: { area: 'keep', office: true } },
    { path: '/health', name: 'health', component: () => import('./Health.vue'), meta: { area: 'keep', office: true } },
    { path: '/documents', name: 'documents', component: () => import('./Documents.vue') },
    { path: '/guides', name: 'guides', component: () => import('./Guides.vue') },
    { path: '/guides/:id', name: 'guide', component: () => import('./GuidePage.vue'), props: true },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})

router.beforeEach(async (to) => {
  if (me.value === undefined) {
    try {
      await readMe()
    } catch {
      return true // the page says what is wrong, and tries again
    }
  }
  if (!me.value && !to.meta['open']) return { name: 'login', query: { next: to.fullPath } }
  if (me.value?.mustChangePassword && to.name !== 'password') return { name: 'password' }
  if (me.value?.mustEnrol && to.name !== 'account' && to.name !== 'password') return { name: 'account' }
  // A page that this person's roles do not work with; the server would refuse what it asks for.
  const area = to.meta['area'] as Area | undefined
  if (me.value && area && !has(area)) return { name: 'today' }
  return true
})

// After an upgrade the pages of an open console have new names: it starts anew at the place that was asked for.
router.onError((_error, to, from) => {
  if (from !== START_LOCATION) location.assign(router.resolve(to).href)
})

// A session that ends under an open page.
watch(me, (now) => {
  const { name, fullPath, meta } = router.currentRoute.value
  if (now === null && !meta['open']) void router.push({ name: 'login', query: { next: fullPath } })
  if (now?.mustChangePassword && name !== 'password' && !meta['open']) void router.push({ name: 'password' })
})

import { createApp, h } from 'vue'; createApp({render:()=>h('p','x')}).mount('#app')

import { createApp } from 'vue'
import 'element-plus/dist/index.css'
import './styles/base.css'
import './styles/frame.css'
import './styles/list.css'
import './styles/desk.css'
import './styles/case.css'
import './styles/form.css'
import './styles/paper.css'
import './styles/narrow.css'
import App from './App.vue'
import { router } from './router.ts'

createApp(App).use(router).mount('#app')

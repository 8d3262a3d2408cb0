import { createApp } from 'vue'
import '../base.css'
import '../progress/progress.css'
import './board.css'
import App from './App.vue'

createApp(App).mount('#app')

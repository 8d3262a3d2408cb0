import { createApp } from 'vue'
import '../base.css'
import './progress.css'
import App from './App.vue'

createApp(App).mount('#app')

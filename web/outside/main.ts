import { createApp } from 'vue'
import '../base.css'
import './outside.css'
import App from './App.vue'

createApp(App).mount('#app')

import { createApp } from 'vue'
import '../base.css'
import './citizen.css'
import App from './App.vue'

createApp(App).mount('#app')

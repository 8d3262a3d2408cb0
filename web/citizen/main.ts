import { createApp } from 'vue'
import '../base.css'
import './styles/doors.css'
import './styles/talk.css'
import './styles/card.css'
import './styles/composer.css'
import './styles/narrow.css'
import App from './App.vue'

createApp(App).mount('#app')

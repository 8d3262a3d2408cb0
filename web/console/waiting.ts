import { ref } from 'vue'

/** Citizens who wait, as far as this person may know. */
export const waiting = ref(0)

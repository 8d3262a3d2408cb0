import { print } from '../texts/print.ts'

/** Markup that is safe to send; everything else that is put into a page is escaped. */
export type Markup = { readonly markup: string }
type Part = Markup | string | number | undefined | false | readonly Part[]

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const shown = (part: Part): string => {
  if (part === undefined || part === false) return ''
  if (typeof part === 'string' || typeof part === 'number') return String(part).replace(/[&<>"']/g, (letter) => escapes[letter] ?? '')
  return 'markup' in part ? part.markup : part.map(shown).join('')
}

export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Markup => ({ markup: String.raw({ raw: texts }, ...parts.map(shown)) })

export const raw = (markup: string): Markup => ({ markup })

export type PageLook = { readonly title: string; readonly landscape?: boolean; readonly large?: boolean }

/** The head of a page for A4: official look, fonts with fallbacks for domestic PCs, page numbers by the browser. */
export const pageHead = ({ title, landscape, large }: PageLook): string =>
  html`<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>${title}</title><style>${raw(styles(landscape === true, large === true))}</style></head><body>`
    .markup

/** For the header content-security-policy of such a page: it has its style inside and nothing else. */
export const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export const pageFoot = '</body></html>'

export const page = (look: PageLook, body: Markup): string => `${pageHead(look)}${body.markup}${pageFoot}`

const styles = (landscape: boolean, large: boolean): string => `
@page { size: A4 ${landscape ? 'landscape' : 'portrait'}; margin: ${landscape ? '15mm 12mm' : '25mm 22mm 22mm'};
  @bottom-center { content: "${print.page.before}" counter(page) "${print.page.between}" counter(pages) "${print.page.after}"; font-size: 9pt; } }
body { font-family: ${print.fonts.text}; font-size: ${landscape ? '9pt' : large ? '17pt' : '14pt'}; line-height: ${landscape ? 1.3 : 1.6}; color: #000; margin: 0; }
@media screen { body { max-width: ${landscape ? '297mm' : '175mm'}; margin: 10mm auto; padding: 0 5mm; } }
h1 { font-family: ${print.fonts.title}; font-size: ${landscape ? '16pt' : large ? '28pt' : '22pt'}; font-weight: ${large ? 700 : 600}; text-align: center; margin: 0 0 6mm; letter-spacing: 1px; }
h2 { font-size: 1em; margin: 5mm 0 1mm; break-after: avoid; }
p { margin: 2mm 0; text-align: justify; }
.indent { text-indent: 2em; white-space: pre-line; }
.right { text-align: right; } .centre { text-align: center; } .notes { font-size: .85em; }
.red { color: #c00; border-bottom: 2px solid #c00; padding-bottom: 3mm; text-align: center; font-family: ${print.fonts.title}; font-size: 26pt; }
table { width: 100%; border-collapse: collapse; } thead { display: table-header-group; }
th, td { border: 1px solid #000; padding: ${landscape ? '1mm' : '2mm'}; vertical-align: top; text-align: left; overflow-wrap: anywhere; white-space: pre-line; }
table.form { line-height: 1.4; } table.form th { width: 28%; font-weight: normal; } table.form th, table.form td { padding: 1.3mm 2mm; }
.choice { display: inline-block; } tr { break-inside: avoid; }
.room { height: 22mm; } .box { border: 1px solid #000; display: inline-block; width: 1em; height: 1em; margin-right: .4em; vertical-align: -0.1em; }
.signs { display: flex; justify-content: space-between; gap: 8mm; margin-top: 10mm; break-inside: avoid; } .signs span { flex: 1; border-bottom: 1px solid #000; padding-bottom: 1mm; }
.qr { float: right; width: 32mm; text-align: center; font-size: 9pt; line-height: 1.2; margin: 0 0 3mm 5mm; } .qr svg { width: 30mm; height: 30mm; }
`

export const signatures = (names: readonly string[]): Markup => html`<div class="signs">${names.map((name) => html`<span>${name}：</span>`)}</div>`

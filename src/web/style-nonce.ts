/**
 * @module The nonce of this page, which its style sheets that are made by script must carry: the content security policy
 * refuses all others. Browsers show it to scripts as a property alone. The import of this module also hands it to the
 * library that stops the page from scrolling behind a dialog, which looks for it where bundlers leave it.
 */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''

Object.assign(globalThis, { __webpack_nonce__: styleNonce })

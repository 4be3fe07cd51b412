// Gradio replaces what it shows at any time. The only observer of the document tells the others, once for all that
// changed together: `document.addEventListener('inkquest:changed', ...)`.
new MutationObserver(() => document.dispatchEvent(new Event('inkquest:changed'))).observe(document, {
  childList: true,
  subtree: true,
});

// What the scripts say, in the visitor's language: `_` and `ngettext` as in `translations`, from what the page brings.
(() => {
  const { language, sentences } = JSON.parse(document.getElementById('wording').textContent);
  const plural = new Intl.PluralRules(language);
  const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

  window._ = (sentence, values = {}) => filled(sentences[sentence] ?? sentence, values);
  window.ngettext = (one, many, n, values = {}) =>
    filled((sentences[one] ?? [one, many])[plural.select(n) === 'one' ? 0 : 1], { n, ...values });

  // Gradio's own words, such as those of an empty upload, follow the browser
  Object.defineProperty(navigator, 'language', { get: () => language });

  document.addEventListener('change', (event) => {
    if (event.target.id !== 'interface-language') return;
    // a Space shows the app in a frame of another site's page, where only such a cookie is kept
    const framed = location.protocol === 'https:' ? '; SameSite=None; Secure; Partitioned' : '; SameSite=Lax';
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
    document.cookie = `inkquest_language=${event.target.value}; path=/; max-age=31536000${framed}`;
    location.reload();
  });
})();

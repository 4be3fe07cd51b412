// What went wrong, asked for when a panel's details are opened, and the places of a confusion shown in its text.
(() => {
  const opened = new Map(); // engine -> the details as they were last answered
  const asking = new Map(); // engine -> timer or controller of the question under way

  const question = (panel) => {
    const verdict = document.querySelector('.verdict');
    const texts = [...document.querySelectorAll('.panel .actions textarea')].map((area) => area.value);
    return JSON.stringify({
      reference: document.querySelector('#reference textarea').value,
      hypothesis: panel.querySelector('.actions textarea').value,
      rules: JSON.parse(verdict.dataset.rules),
      language: verdict.dataset.language,
      others: texts,
    });
  };
  const ask = (panel, delay) => {
    const engine = panel.dataset.engine;
    asking.get(engine)?.abort();
    const control = new AbortController();
    asking.set(engine, control);
    setTimeout(async () => {
      if (control.signal.aborted) return;
      let html = '';
      try {
        const answer = await fetch('inkquest/insight', { method: 'POST', body: question(panel), signal: control.signal });
        html = await answer.text();
        if (!answer.ok) html = '';
      } catch (error) {
        if (error.name === 'AbortError') return;
      }
      if (opened.has(engine)) opened.set(engine, html);
      const body = document.querySelector(`.panel[data-engine="${CSS.escape(engine)}"] .insight-body`);
      if (!body) return;
      if (html) body.innerHTML = html; // our own template, escaped on the server
      else body.textContent = 'The server did not answer. Close and open this again.';
    }, delay);
  };
  document.addEventListener('toggle', (event) => {
    if (!event.target.matches?.('.panel details.insight')) return;
    const panel = event.target.closest('.panel');
    const engine = panel.dataset.engine;
    if (!event.target.open) opened.delete(engine);
    else if (!opened.has(engine)) { opened.set(engine, ''); ask(panel, 0); }
  }, true);

  // A panel is replaced whenever its scores change: what was open stays open and is asked for anew.
  const reopen = () => {
    for (const [engine, html] of opened) {
      const panel = document.querySelector(`.panel[data-engine="${CSS.escape(engine)}"]`);
      const details = panel?.querySelector('details.insight');
      if (!details || details.open) continue;
      details.open = true;
      details.querySelector('.insight-body').innerHTML = html;
      ask(panel, 350);
    }
  };
  new MutationObserver(() => { if (opened.size) reopen(); }).observe(document, { childList: true, subtree: true });

  // Where characters from..to of a reading stand on the screen. Offsets count code points; notes for the ear and
  // letters of the reference stand between them and are no part of the reading.
  const rangesOf = (text, places) => {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT, (node) =>
      node.parentElement.closest('.vh, mark i, del') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const spots = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      let at = 0;
      for (const character of node.data) { spots.push([node, at, at + character.length]); at += character.length; }
    }
    return places.flatMap(([from, to]) => {
      const first = spots[from === to ? Math.max(0, from - 1) : from];
      const last = spots[from === to ? Math.min(spots.length - 1, from) : to - 1];
      if (!first || !last) return [];
      const range = new Range();
      range.setStart(first[0], first[1]);
      range.setEnd(last[0], last[2]);
      return [range];
    });
  };
  let fading = 0;
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-flash]');
    if (!button || !CSS.highlights) return;
    const text = button.closest('.panel').querySelector('.text');
    const ranges = rangesOf(text, button.dataset.flash.split(',').map((place) => place.split('-').map(Number)));
    CSS.highlights.set('flash', new Highlight(...ranges));
    const spot = ranges[0]?.getBoundingClientRect();
    const frame = text.getBoundingClientRect();
    if (spot && (spot.top < frame.top || spot.bottom > frame.bottom)) {
      text.scrollBy({ top: spot.top - frame.top - frame.height / 2, behavior: 'smooth' });
    }
    clearTimeout(fading);
    fading = setTimeout(() => CSS.highlights.delete('flash'), 6000);
  });
})();

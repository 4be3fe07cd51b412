// What went wrong, asked for when details are opened, and the places of a confusion shown in its text.
(() => {
  const opened = new Map(); // key of the details -> what was last answered
  const asking = new Map(); // key of the details -> controller of the question under way
  const all = () => [...document.querySelectorAll('details[data-ask]')];
  const keyOf = (details) => [details.dataset.ask, details.closest('.panel')?.dataset.engine].join(' ');
  const textOf = (panel) => panel.querySelector('.actions textarea').value;
  const panels = () => [...document.querySelectorAll('.panel.read')];

  // Correcting a reading: seconds at work (a pause longer than 20 seconds is a pause) and edits, in this browser only.
  const assumed = {};
  let trial = null;
  document.addEventListener('click', (event) => {
    const start = event.target.closest?.('.actions [data-do=start]');
    if (start) trial = { engine: start.closest('.panel').dataset.engine, seconds: 0, last: performance.now() };
  });
  document.addEventListener('input', (event) => {
    if (event.target.matches?.('.correction input')) {
      assumed[event.target.name] = event.target.value;
      ask(event.target.closest('details'), 250);
    }
    if (!trial || !event.target.matches?.('#reference textarea') || !event.isTrusted) return;
    trial.seconds += Math.min(20, (performance.now() - trial.last) / 1000);
    trial.last = performance.now();
  });
  document.addEventListener('click', (event) => {
    const adopt = event.target.closest?.('[data-adopt]');
    if (!adopt) return;
    assumed.seconds_per_edit = adopt.dataset.adopt;
    const details = adopt.closest('details');
    details.querySelector('[name=seconds_per_edit]').value = adopt.dataset.adopt;
    ask(details, 0);
  });
  const correction = (details) => {
    for (const input of details.querySelectorAll('form input'))
      if (assumed[input.name] !== undefined) input.value = assumed[input.name];
    const scored = [...document.querySelectorAll('.panel[data-edits]')];
    const characters = Number(scored[0]?.dataset.characters ?? 0);
    const from = trial?.seconds ? scored.find((panel) => panel.dataset.engine === trial.engine) : null;
    return {
      characters,
      engines: scored.map(({ ariaLabel: label, dataset }) => ({
        label,
        edits: Number(dataset.edits),
        price: dataset.price === '' ? null : Number(dataset.price),
      })),
      assumed: Object.fromEntries(
        [...details.querySelectorAll('form input')].map((input) => [
          input.name,
          Number(input.value) || Number(input.min),
        ]),
      ),
      trial: from ? { characters, edits: Number(from.dataset.edits), seconds: trial.seconds } : null,
    };
  };

  const question = (details) => {
    const { rules, language } = document.querySelector('.verdict').dataset;
    const reference = document.querySelector('#reference textarea').value;
    if (details.dataset.ask === 'correction') return correction(details);
    const asked = { reference, rules: JSON.parse(rules) };
    if (details.dataset.ask === 'partial') {
      return { ...asked, readings: Object.fromEntries(panels().map((panel) => [panel.ariaLabel, textOf(panel)])) };
    }
    return { ...asked, language, hypothesis: textOf(details.closest('.panel')), others: panels().map(textOf) };
  };
  const ask = (details, delay) => {
    const key = keyOf(details);
    asking.get(key)?.abort();
    const control = new AbortController();
    asking.set(key, control);
    setTimeout(async () => {
      if (control.signal.aborted || !details.isConnected) return;
      let html = '';
      try {
        const answer = await fetch(`inkquest/${details.dataset.ask}`, {
          method: 'POST',
          body: JSON.stringify(question(details)),
          signal: control.signal,
        });
        if (answer.ok) html = await answer.text();
      } catch (error) {
        if (error.name === 'AbortError') return;
      }
      if (opened.has(key)) opened.set(key, html);
      const body = all().find((one) => keyOf(one) === key)?.lastElementChild;
      if (!body) return;
      if (html)
        body.innerHTML = html; // our own template, escaped on the server
      else body.textContent = _('The server did not answer. Close and open this again.');
    }, delay);
  };
  document.addEventListener(
    'toggle',
    (event) => {
      const details = event.target;
      if (!details.matches?.('details[data-ask]')) return;
      const key = keyOf(details);
      if (!details.open) opened.delete(key);
      else if (!opened.has(key)) {
        opened.set(key, '');
        ask(details, 0);
      }
    },
    true,
  );

  // A panel is replaced whenever its scores change: what was open stays open and is asked for anew.
  const reopen = () => {
    for (const details of all()) {
      const html = opened.get(keyOf(details));
      if (html === undefined || details.open) continue;
      details.open = true;
      details.lastElementChild.innerHTML = html;
      ask(details, 350);
    }
  };
  document.addEventListener('inkquest:changed', () => {
    if (opened.size) reopen();
  });

  // Where characters from..to of a reading stand on the screen. Offsets count code points; notes for the ear and
  // letters of the reference stand between them and are no part of the reading.
  const rangesOf = (text, places) => {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT, (node) =>
      node.parentElement.closest('.vh, mark i, del') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    const spots = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      let at = 0;
      for (const character of node.data) {
        spots.push([node, at, at + character.length]);
        at += character.length;
      }
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
    const ranges = rangesOf(
      text,
      button.dataset.flash.split(',').map((place) => place.split('-').map(Number)),
    );
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

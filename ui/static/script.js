// What the screen does without the server: linked highlighting, elapsed seconds, copy, download, box layers.
// Everything listens on the document, because panels are replaced whenever they change.
(() => {
  const lit = document.createElement('style');
  document.head.append(lit);
  const number = (value) => CSS.escape(String(value));

  // A word and all that belongs to it. data-t: its twin in the other panels, data-b: its own box, data-l: its line's box.
  const light = (target) => {
    const word = target?.closest?.('.w');
    const box = target?.closest?.('.boxes polygon');
    const known =
      word ??
      (box && document.querySelector(`.w[data-b="${number(box.dataset.b)}"], .w[data-l="${number(box.dataset.b)}"]`));
    const twin = known?.dataset.t;
    const twins =
      twin === undefined ? [known].filter(Boolean) : [...document.querySelectorAll(`.w[data-t="${number(twin)}"]`)];
    const own = known?.dataset.b ?? twins.map((w) => w.dataset.b).find(Boolean);
    const line = known?.dataset.l ?? twins.map((w) => w.dataset.l).find(Boolean);
    const rules = [];
    if (twin !== undefined)
      rules.push(`.w[data-t="${number(twin)}"]{background:var(--lit);box-shadow:0 0 0 2px var(--lit)}`);
    if (line)
      rules.push(
        `.w[data-l="${number(line)}"]{background:var(--lit-line)}`,
        `.boxes polygon[data-b="${number(line)}"]{stroke:var(--box)}`,
      );
    if (own ?? box?.dataset.b)
      rules.push(`.boxes polygon[data-b="${number(own ?? box.dataset.b)}"]{fill:var(--box-fill);stroke:var(--box)}`);
    const text = rules.reverse().join('');
    if (lit.textContent !== text) lit.textContent = text;
  };
  document.addEventListener('pointerover', (event) => light(event.target));
  document.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'touch') light(event.target);
  });

  const say = (button, message) => {
    button.dataset.label ??= button.textContent;
    button.textContent = message;
    setTimeout(() => {
      button.textContent = button.dataset.label;
    }, 1400);
  };
  // As if it were typed.
  const write = (field, text) => {
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const actions = {
    copy: async (button, text) => {
      try {
        await navigator.clipboard.writeText(text);
        say(button, _('Copied'));
      } catch {
        say(button, _('Press Ctrl+C in the text'));
      }
    },
    download: (button, text) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
      link.download = button.dataset.name;
      link.click();
      URL.revokeObjectURL(link.href);
    },
    start: (_button, text) => {
      const reference = document.querySelector('#reference textarea');
      write(reference, text);
      reference.focus();
    },
  };
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('.actions [data-do]');
    if (button) actions[button.dataset.do](button, button.parentElement.querySelector('textarea').value);
    // Behind the engine's id, what makes each press another.
    const { again } = event.target.dataset ?? {};
    if (again) write(document.querySelector('#again :is(input, textarea)'), `${again} ${Date.now()}`);
  });

  // The chosen box layer outlives the re-rendering of the boxes.
  const chosen = { engine: '', level: 'word' };
  const showBoxes = () => {
    for (const group of document.querySelectorAll('.boxes g')) {
      group.classList.toggle('shown', group.dataset.engine === chosen.engine && group.dataset.level === chosen.level);
    }
    for (const select of document.querySelectorAll('.box-choice select')) {
      if (select.value !== chosen[select.dataset.choose]) select.value = chosen[select.dataset.choose];
    }
  };
  document.addEventListener('change', (event) => {
    const choice = event.target.dataset?.choose;
    if (choice) {
      chosen[choice] = event.target.value;
      showBoxes();
    }
  });

  const started = new WeakMap();
  setInterval(() => {
    for (const clock of document.querySelectorAll('.elapsed')) {
      if (!started.has(clock)) started.set(clock, performance.now() - 1000 * Number(clock.dataset.elapsed));
      clock.textContent = ((performance.now() - started.get(clock)) / 1000).toFixed(1);
    }
  }, 100);

  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const unfold = (part) => {
    part.querySelector(':scope > button.label-wrap:not(.open)')?.click();
    const details = part.querySelector('details.parity');
    if (details) details.open = true;
  };
  const goTo = (part) => part.scrollIntoView({ block: 'start', behavior: still.matches ? 'auto' : 'smooth' });
  document.addEventListener('click', (event) => {
    const place = event.target.closest?.('[data-go]')?.dataset.go;
    const part = place && document.getElementById(place);
    if (part) {
      unfold(part);
      if (document.documentElement.dataset.drawer !== place) goTo(part);
      if (event.target.closest('.verdict'))
        part.querySelector('textarea, button, summary')?.focus({ preventScroll: true });
    }
    if (event.target.matches?.('[data-unfold]')) document.body.classList.toggle('form-open');
    if (event.target.matches?.('[data-try]')) document.querySelector('#upload input[type=file]').click();
  });

  // Another page begins at the top, where it is shown.
  const toTop = (event) => {
    if (event.target.closest?.('#samples .thumbnail-item, #upload input')) scrollTo(0, 0);
  };
  document.addEventListener('click', toTop);
  document.addEventListener('change', toTop);

  let atWork = false;
  document.addEventListener('inkquest:changed', () => {
    // What a comparison began with stays chosen until it ends.
    const running = document.querySelector('#slots .panel.running') !== null;
    if (running && !atWork) {
      const result = document.querySelector('#verdict');
      const { top, bottom } = result.getBoundingClientRect();
      if (top < 0 || bottom > innerHeight) goTo(result);
    }
    atWork = running;
    for (const choice of document.querySelectorAll('#pickers, #local-only')) choice.inert = running;
    const boxes = document.querySelector('.boxes');
    if (boxes && !boxes.dataset.seen) {
      boxes.dataset.seen = '1';
      showBoxes();
    }
  });
})();
